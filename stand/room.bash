# Room on the disk: told before the work, not by a file cut in half.

# room MEBIBYTES PATH
room()
{
	local path=$2 free

	while [ ! -e "$path" ]; do
		path=$(dirname "$path")
	done
	free=$(($(df --output=avail -k "$path" | tail -n 1) / 1024))
	((free >= $1)) || die "the disk of $path is too full: $free MiB free, $1 MiB needed"
}
