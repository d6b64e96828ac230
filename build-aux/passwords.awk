# Turns src/auth/common_passwords.txt into a C table. Lines that begin with
# "# " are its notice; the others must be sorted by byte (LC_ALL=C), since
# password_rules() searches by halves.

BEGIN {
	print "/* Made by build-aux/passwords.awk from" \
		" src/auth/common_passwords.txt. */"
	print "#include \"auth/common_passwords.h\"\n"
	print "const char *const common_passwords[] = {"
}

/^#( |$)/ { next }

{
	if (n && $0 "" <= last "") {
		printf "%s:%d: not sorted by byte\n", FILENAME, FNR > "/dev/stderr"
		exit 1
	}
	last = $0
	n++
	gsub(/\\/, "\\\\")
	gsub(/"/, "\\\"")
	gsub(/\?/, "\\?") # no trigraphs
	printf "\t\"%s\",\n", $0
}

END {
	print "};\n"
	printf "const size_t common_password_count = %d;\n", n
}
