# shellcheck shell=bash disable=SC2154
# SPDX-License-Identifier: GPL-2.0
# Debian 12's ClickHouse on loopback, unpacked and not installed, because that starts
# services. Its data are in $tmp. ZSTD=1: compressed so, and not by LZ4.

# free_port N: the first one from N on at which nobody answers
free_port()
{
	local port=$1

	while (: >"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do
		port=$((port + 1))
	done
	echo "$port"
}

HTTP=$(free_port 18124) TCP=$(free_port 19124)
export TZ=UTC LC_ALL=C no_proxy='*'
clickhouse=$top/user/clickhouse

[[ $(id -u) != 0 ]] || "$top/tests/vm/deps" --for fleet >&2 || exit
# shellcheck disable=SC2046	# words
unpacked=$("$top/tests/vm/unpacked" $(sed -n 's/^fleet-unpacked  *//p' "$top/tests/vm/packages")) || exit
multiarch=$(gcc -print-multiarch)
libraries=$unpacked/usr/lib/$multiarch:$unpacked/lib/$multiarch

# until_true SECONDS COMMAND...
until_true()
{
	local end=$((SECONDS + $1))

	shift
	until "$@"; do
		[[ $SECONDS -lt $end ]] || return 1
		sleep 0.2
	done
}

clickhouse_configure()
{
	cat >"$tmp/ch.xml" <<-END
		<yandex><logger><level>warning</level><log>$tmp/ch.log</log><errorlog>$tmp/ch.err</errorlog></logger>
		<listen_host>127.0.0.1</listen_host><tcp_port>$TCP</tcp_port><http_port>$HTTP</http_port>
		<path>$tmp/data/</path><tmp_path>$tmp/tmp/</tmp_path><users_config>$tmp/users.xml</users_config>
		<default_profile>default</default_profile><default_database>default</default_database>
		${ZSTD:+<compression><case><method>zstd</method></case></compression>}
		<mark_cache_size>16777216</mark_cache_size><timezone>UTC</timezone></yandex>
	END
	cat >"$tmp/users.xml" <<-END
		<yandex><profiles><default/></profiles><quotas><default/></quotas><users><default><password/>
		<networks><ip>127.0.0.1</ip></networks><profile>default</profile><quota>default</quota></default></users></yandex>
	END
}

# clickhouse_server: takes the place of this shell
clickhouse_server()
{
	LD_LIBRARY_PATH=$libraries exec "$unpacked/usr/sbin/clickhouse-server" --config-file="$tmp/ch.xml"
}

# client OPTION...
client()
{
	LD_LIBRARY_PATH=$libraries "$unpacked/usr/bin/clickhouse-client" --host 127.0.0.1 --port "$TCP" "$@"
}

# query SQL
query()
{
	client --query "$1"
}

# ask NAME: what a file of user/clickhouse asks
ask()
{
	client -n <"$clickhouse/$1.sql"
}
