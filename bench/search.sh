#!/bin/bash
# Measures search over many documents, through nginx and the mcp program, at 8
# connections. Run by hand, on an idle machine, against workers that run already.
#
# The documents are made up, but spread as natural text is: lengths about 350
# words, words by Zipf's law over 60,000, the 100 commonest of them English stop
# words. Queries are 1 to 3 words of such documents that are no stop words.
# They go into the source by `gatehouse ingest`, which is timed too; a source
# that has them already is measured at once.
#
# Where (environment; no defaults):
#   GATEWAY, TOKEN   host:port of an MCP server's domain, a token of its own
#   EMAIL, SOURCE    the account, and its source of type documents, which is the
#                    server's only one; its workers run with
#                    GATEHOUSE_TOOL_RATE=1000000, nginx with a rate to match
#   GATEHOUSE        the gatehouse command, with its settings in the environment
# How (with defaults): DOCUMENTS=100000 CONNECTIONS=8 SECONDS_EACH=10 ROUNDS=3
set -euo pipefail
cd "$(dirname "$0")"

for name in GATEWAY TOKEN EMAIL SOURCE GATEHOUSE; do
	[ -n "${!name:-}" ] || { sed -n '2,/^set/p' "$0" | sed '$d;s/^# \{0,1\}//' >&2; exit 2; }
done
: "${DOCUMENTS:=100000}" "${CONNECTIONS:=8}" "${SECONDS_EACH:=10}" "${ROUNDS:=3}"
stop_words=${STOP_WORDS:-$(pg_config --sharedir)/tsearch_data/english.stop}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export GATEWAY TOKEN QUERIES=$work/queries

echo "making $DOCUMENTS documents ..." >&2
mkdir "$work/documents"
awk -v n="$DOCUMENTS" -v stop="$stop_words" -v folder="$work/documents" -v queries="$QUERIES" '
	function zipf(  rank) { rank = int(exp(rand() * log(VOCABULARY + 1))); return rank < 1 ? 1 : rank }
	BEGIN {
		srand(7); VOCABULARY = 60000
		split("ba ke lo mi nu ra se ti vo za pre con ter gra flu ston vel dra mon qui", syllable, " ")
		for (i = 1; i <= VOCABULARY; i++) {
			x = i; w = ""
			do { w = w syllable[x % 20 + 1]; x = int(x / 20) } while (x > 0)
			word[i] = w
		}
		while ((getline w < stop) > 0) if (++stops <= 100) word[stops] = w
		for (d = 1; d <= n; d++) {
			file = folder "/" int(d / 1000)
			if (d % 1000 == 0 || d == 1) system("mkdir -p " file)
			file = file "/" d ".md"
			line = "#"
			for (k = 0; k < 5; k++) line = line " " word[zipf()]
			print line "\n" > file
			words = int(exp(5.5 + 1.76 * (rand() + rand() + rand() - 1.5)))
			line = ""
			for (k = 0; k < words; k++) line = line (k ? " " : "") word[zipf()]
			print line > file
			close(file)
			if (d % 100 == 0) {
				line = ""
				for (k = 0; k <= d / 100 % 3; k++) {
					do rank = zipf(); while (rank <= 100)
					line = line (k ? " " : "") word[rank]
				}
				print line > queries
			}
		}
	}'
"$GATEHOUSE" ingest --user "$EMAIL" --source "$SOURCE" "$work/documents"

echo "$(nproc) cores, load $(cut -d' ' -f1 /proc/loadavg), $(uname -m), $DOCUMENTS documents, $(wc -l <"$QUERIES") queries"
for ((round = 1; round <= ROUNDS; round++)); do
	wrk -t 2 -c "$CONNECTIONS" -d "${SECONDS_EACH}s" -s search.lua "http://127.0.0.1:${GATEWAY##*:}/" | tail -1
done
