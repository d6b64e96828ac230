# Turns sql/statements/*.sql into C: -v form=header gives the enum, -v
# form=source the table. -v form=texts makes each a macro, SNOWFLAKE_NAME, for
# those that another database is asked. A statement begins with
#   -- name: sources_of_server(host, digest) tenant again
# followed by comment lines and SQL up to a line that ends in ';'.

function fail(message)
{
	printf "%s:%d: %s\n", FILENAME, FNR, message > "/dev/stderr"
	bad = 1
	exit 1
}

function finish()
{
	if (name != "")
		fail("statement '" name "' has no final ';'")
}

FNR == 1 { finish() }

/^-- name: / {
	finish()
	head = substr($0, 10)
	if (!match(head, /^[a-z_]+\([a-z_0-9, ]*\)/))
		fail("expected: -- name: statement(parameter, …) [tenant] [again]")
	name = head
	sub(/\(.*/, "", name)
	if (name in seen)
		fail("statement '" name "' is there twice")
	seen[name] = 1
	parameters = substr(head, length(name) + 2, RLENGTH - length(name) - 2)
	count = parameters ~ /[a-z]/ ? split(parameters, unused, ",") : 0
	words = substr(head, RLENGTH + 1)
	tenant = words ~ / tenant( |$)/ ? "true" : "false"
	again = words ~ / again( |$)/ ? "true" : "false"
	sub(/ tenant/, "", words)
	sub(/ again/, "", words)
	if (words !~ /^ *$/)
		fail("unknown word '" words "'")
	sql = ""
	next
}

/^[ \t]*--/ || /^[ \t]*$/ { next }

{
	if (name == "")
		fail("SQL outside a statement")
	line = $0
	gsub(/\\/, "\\\\", line)
	gsub(/"/, "\\\"", line)
	last = line ~ /;[ \t]*$/
	sub(/;[ \t]*$/, "", line)
	sql = sql "\n\t  \"" line "\\n\""
	if (!last)
		next
	n++
	names[n] = name
	rows[n] = sprintf("\t{ \"%s\", %d, %s, %s,%s },", name, count, tenant,
		again, sql)
	texts[n] = sql
	gsub(/\n\t */, " ", texts[n])
	name = ""
}

END {
	if (bad)
		exit 1
	finish()
	if (form == "texts") {
		print "/* Made from sql/snowflake/ by build-aux/statements.awk. */"
		for (i = 1; i <= n; i++)
			print "#define SNOWFLAKE_" toupper(names[i]) texts[i]
		exit
	}
	print "/* Made from sql/statements/ by build-aux/statements.awk. */"
	if (form == "header") {
		print "#ifndef GATEHOUSE_DB_STATEMENTS_H"
		print "#define GATEHOUSE_DB_STATEMENTS_H"
		print ""
		print "enum sql {"
		for (i = 1; i <= n; i++)
			print "\tSQL_" toupper(names[i]) ","
		print "\tSQL_STATEMENTS"
		print "};"
		print ""
		print "#endif"
	} else {
		print "#include \"db/statement.h\""
		print ""
		print "const struct statement statements[SQL_STATEMENTS + 1] = {"
		for (i = 1; i <= n; i++)
			print rows[i]
		print "\t{ 0 },"
		print "};"
	}
}
