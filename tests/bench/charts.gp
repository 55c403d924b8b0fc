# SPDX-License-Identifier: GPL-2.0
# gnuplot charts.gp, in the folder with the .dat files
set terminal svg size 480,320 background "white" noenhanced
set style data linespoints
set grid ytics
set yrange [0:*]
set key bottom right
set ylabel "added instructions per drop"

set output "readers.svg"
set title "Event with 16 frames, by readers"
set xlabel "readers"
plot "readers.dat" using 1:2 title "sender's own", "" using 1:3 title "with the readers' work"

set output "snaplen.svg"
set title "Event without stack, by bytes of the packet"
set xlabel "snaplen"
plot "snaplen.dat" using 1:2 notitle

set output "depth.svg"
set title "Event with stack, by frames"
set xlabel "stack_depth"
plot "depth.dat" using 1:2 title "whydrop", "" using 1:3 title "stack_trace_save alone"

set logscale x 2
set output "ring.svg"
set title "Event without stack, by size of the ring"
set xlabel "KiB per CPU"
plot "ring.dat" using 1:2 notitle

set output "stacks.svg"
set title "Event with 24 frames, by different stacks"
set xlabel "stacks"
plot "stacks.dat" using 1:2 title "max_stacks=4096", "" using 1:3 title "max_stacks=16384"

if (GPVAL_VERSION > 0 && system("test -e cpus.dat && echo y") eq "y") {
	set output "cpus.svg"
	set title "Time of a drop, with to without, by processors that drop"
	set xlabel "processors"
	set ylabel "ratio"
	plot "cpus.dat" using 1:2 notitle
}
