# SPDX-License-Identifier: GPL-2.0
# Functions for the tables: values of a row are kept as V[row, 1..n[row]].

function add(row, value,	i)
{
	for (i = ++n[row]; i > 1 && V[row, i - 1] > value; i--)
		V[row, i] = V[row, i - 1]
	V[row, i] = value
}

function median(row,	k)
{
	k = n[row]
	if (!k)
		return 0
	return k % 2 ? V[row, (k + 1) / 2] : (V[row, k / 2] + V[row, k / 2 + 1]) / 2
}

function lowest(row)
{
	return V[row, 1]
}

function highest(row)
{
	return V[row, n[row]]
}
