# Keys and settings: generated once, private, and kept.

# The folder's path inside a database URL.
url_text()
{
	jq -rn --arg text "$1" '$text | @uri'
}

make_keys()
{
	if [ ! -e "$stand/keys/seal.private" ]; then
		rm -f "$stand/keys/seal.public"
		"$stand/usr/bin/gatehouse" keys create --public "$stand/keys/seal.public" \
			--private "$stand/keys/seal.private" >>"$stand/log/keys.log" 2>&1 ||
			die "the keys could not be made: $(reason "$stand/log/keys.log")"
		chmod 0400 "$stand/keys/seal.public" "$stand/keys/seal.private"
		((EUID != 0)) || chown "$worker_user:" "$stand/keys/seal.public" "$stand/keys/seal.private"
	fi
	if [ ! -e "$stand/keys/jwt" ]; then
		head -c 48 /dev/urandom | base64 -w 0 | file_for "$worker_user" "$stand/keys/jwt"
	fi
}

# database_url ROLE
database_url()
{
	printf 'postgresql:///gatehouse?host=%s&port=5432&user=%s' "$(url_text "$run/db")" "$1"
}

# Writes .env. pool, app_port: the addresses; more_settings: further lines.
make_settings()
{
	file_for "$worker_user" "$stand/.env" <<-END
		# Made by the quickstart; made anew by every run.
		DATABASE_URL='$(database_url gatehouse_api)'
		GATEHOUSE_API_DATABASE_URL='$(database_url gatehouse_api)'
		GATEHOUSE_MCP_DATABASE_URL='$(database_url gatehouse_mcp)'
		JWT_SECRET='$(cat "$stand/keys/jwt")'
		MCP_GATEWAY_URL_POOLS='$pool'
		GATEHOUSE_APP_URL='http://localhost:$app_port'
		GATEHOUSE_GATEWAY_SCHEME=http
		GATEHOUSE_SEAL_PUBLIC_KEY_FILE='$stand/keys/seal.public'
		GATEHOUSE_SEAL_PRIVATE_KEY_FILE='$stand/keys/seal.private'
		${more_settings:-}
	END
}

# gatehouse ARGUMENT…: the command, with the stack's settings.
gatehouse()
{
	env GATEHOUSE_ENV_FILE="$stand/.env" "$stand/usr/bin/gatehouse" "$@"
}

# setting NAME: what is in force.
setting()
{
	gatehouse config | sed -n "s/^$1=//p" | tr -d "'\""
}
