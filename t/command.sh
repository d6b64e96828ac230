#!/bin/sh
# The gatehouse command by itself, without a database; and what is made from
# the table of settings. TAP.
command=${builddir:-.}/gatehouse
source=${srcdir:-.}
folder=$(mktemp -d) || exit 1
trap 'rm -rf "$folder"' EXIT
for name in $(env | sed -n 's/^\(GATEHOUSE_[A-Z_]*\)=.*/\1/p') \
	DATABASE_URL JWT_SECRET MCP_GATEWAY_URL_POOLS OPENAI_API_KEY; do
	unset "$name"
done
command=$(realpath "$command")
source=$(realpath "$source")
builddir=$(realpath "${builddir:-.}")
cd "$folder" || exit 1
count=0
failures=0
secret=q7Xk2fT9vLmZ4rB8nWc1yHs6dJg3pAe5

# claim NAME COMMAND...: the command succeeds
claim() {
	name=$1
	shift
	count=$((count + 1))
	if "$@" >claimed 2>&1; then
		echo "ok $count - $name"
	else
		echo "not ok $count - $name"
		sed 's/^/# /' claimed
		failures=$((failures + 1))
	fi
}

# ends STATUS ARGUMENT...: the command ends so; what it says is in out and err
ends() {
	wanted=$1
	shift
	"$command" "$@" >out 2>err </dev/null
	got=$?
	[ "$got" = "$wanted" ] && return
	echo "status $got, wanted $wanted"
	cat out err
	return 1
}

says() {
	grep -qF -- "$1" err || { cat err; return 1; }
}

prints() {
	grep -qF -- "$1" out || { cat out; return 1; }
}

same_tables() {
	"$command" config --reference | sed '/^$/d' >tables
	sed -n '/<!-- settings: begin/,/<!-- settings: end/p' \
		"$source/doc/configuration.md" | sed '1d;$d;/^$/d' >manual
	diff tables manual
}

every_command_in_manual() {
	"$command" help | sed -n 's/^  \([a-z ]*[a-z]\)   *[A-Z].*/\1/p' >words
	[ -s words ] || return 1
	while read -r words; do
		grep -qE "^\.(It )?Cm $words( |$)" "$source/doc/man/gatehouse.1" ||
			{ echo "$words is not in gatehouse.1"; return 1; }
	done <words
}

page_is_whole() {
	page=${builddir}/doc/man/gatehouse.env.5
	grep -q "^\.It Ev GATEHOUSE_LOG_LEVEL" "$page" &&
		! grep -q "@SETTINGS@" "$page"
}

claim "without a word it says what there is, and fails" ends 2
claim "the usage goes to standard error" says "usage: gatehouse COMMAND"
claim "help succeeds" ends 0 help
claim "help names every command" prints "token create"
claim "help of one command succeeds" ends 0 help token create
claim "help of one command shows its options" prints "--user EMAIL"
claim "--help after a command is its help" ends 0 token create --help
claim "--version succeeds" ends 0 --version
claim "--version names the release" prints "gatehouse "
claim "an unknown command is a usage error" ends 2 frobnicate
claim "half a command is a usage error" ends 2 token
claim "half a command shows the rest" says "gatehouse token create"
claim "an unknown option is a usage error" ends 2 config --nonsense
claim "an unknown option is named" says "--nonsense"
claim "an option without its value is a usage error" ends 2 keys create --public
claim "a missing option is a usage error" ends 2 keys create --public a
claim "a missing option is named" says "--private FILE"
claim "an option given twice is a usage error" \
	ends 2 keys create --public a --public b --private c
claim "an operand nobody wants is a usage error" ends 2 config something
claim "keys are made" ends 0 keys create --public seal.pub --private seal.key
claim "SE-1: the private key is its owner's alone" \
	sh -c '[ "$(stat -c %a seal.key)" = 400 ]'
claim "keys are not overwritten" \
	ends 1 keys create --public seal.pub --private other.key

claim "without a database setting an account command ends with 78" \
	ends 78 server list --user a@example.org
claim "and names the setting" says "DATABASE_URL is missing"
claim "settings are shown" ends 0 config
claim "with their defaults" prints "GATEHOUSE_MCP_THREADS=64"
printf 'JWT_SECRET=%s\n' "$secret" >.env
chmod 600 .env
claim "a secret in force is not shown" ends 0 config
claim "but that it is set is" prints "JWT_SECRET=(secret)"
claim "LA-3: no secret goes anywhere" sh -c "! grep -q $secret out err"
printf 'JWT_SECRET=short\n' >.env
claim "JW-1: a short secret ends the command with 78" ends 78 config
claim "JW-1: and the line that is wrong is named" \
	says ".env line 1: JWT_SECRET is shorter than 32 bytes"
printf 'GATEHOUSE_TREADS=3\n' >.env
claim "an unknown setting ends the command with 78" ends 78 config
claim "the template prints even then" ends 0 config --template
rm .env
"$command" config --template >.env
chmod 600 .env
claim "the template is a .env file that is taken" ends 0 config
claim "the manual's tables are those of the program" same_tables
claim "every command is in its manual page" every_command_in_manual
claim "the settings are in the made manual page" page_is_whole
claim "a result that cannot be written is a failure" \
	sh -c "! '$command' config --template >/dev/full 2>err"
echo "1..$count"
[ "$failures" = 0 ]
