# nginx with a configuration of our own; the system's is not touched.

# kept THREADS PROCESSES: connections an nginx process may keep open to them,
# or 0. An idle one holds a request thread: at most a quarter may be held.
kept()
{
	local most=$(($1 * $2 / (4 * nginx_workers)))

	((most >= 2)) || most=0
	echo "$most"
}

# listens PORT… [-- WORD]: a listen directive for each, on loopback only.
listens()
{
	local port

	for port in $1; do
		printf 'listen 127.0.0.1:%s%s; ' "$port" "${2:+ $2}"
	done
}

# keep_values NAME NUMBER: the two values for the templates.
keep_values()
{
	if (($2 > 0)); then
		printf '%s\n' "$1_KEEPALIVE=keepalive $2;" "$1_KEEP_CONN=on"
	else
		printf '%s\n' "$1_KEEPALIVE=" "$1_KEEP_CONN=off"
	fi
}

# nginx drops to that user only where it starts as root.
nginx_user()
{
	((EUID != 0)) || echo "user $worker_user;"
}

# The values of this stack; app_port and gateway_ports say where it listens.
web_values()
{
	cat <<-END
		APP_NAMES=localhost 127.0.0.1
		APP_LISTEN=$(listens "$app_port")
		APP_DEFAULT_LISTEN=$(listens "$app_port" default_server)
		GATEWAY_NAMES=localhost ${gateway_names:-}
		GATEWAY_LISTEN=$(listens "$gateway_ports")
		GATEWAY_DEFAULT_LISTEN=$(listens "$gateway_ports" default_server)
		RUN=$run
		PID=$run/nginx-master.pid
		LOG=$stand/log
		TEMP=$stand/temp
		USER=$(nginx_user)
		NGINX_WORKERS=$nginx_workers
		READ_TIMEOUT=75s
		CLIENT_TIMEOUT=20s
		SIGN_RATE=${sign_rate:-30r/m}
		SIGN_BURST=${sign_burst:-20}
		SIGN_CONNECTIONS=${sign_connections:-20}
		OAUTH_RATE=${oauth_rate:-20r/s}
		OAUTH_BURST=${oauth_burst:-200}
		TOKEN_RATE=${token_rate:-50r/s}
		TOKEN_BURST=${token_burst:-200}
		TOKEN_CONNECTIONS=${token_connections:-100}
	END
	keep_values API "$(kept "$(setting GATEHOUSE_API_THREADS)" "$(setting GATEHOUSE_API_PROCESSES)")"
	keep_values MCP "$(kept "$(setting GATEHOUSE_MCP_THREADS)" "$(setting GATEHOUSE_MCP_PROCESSES)")"
}

web_configure()
{
	nginx_workers=${nginx_workers:-2}
	install -d -m 0755 "$stand/nginx" "$stand/nginx/more"
	web_values >"$stand/nginx/values"
	"$top/nginx/generate" "$stand/nginx" "@$stand/nginx/values" || die "nginx's configuration could not be made"
}

web_nginx()
{
	/usr/sbin/nginx -p "$stand" -c "$stand/nginx/nginx.conf" -e "$stand/log/nginx.log" "$@"
}

web_start()
{
	running nginx && {
		web_reload
		return
	}
	web_nginx -t -q >"$stand/log/nginx-test.log" 2>&1 || die "nginx refuses: $(reason "$stand/log/nginx-test.log")"
	daemon nginx /usr/sbin/nginx -p "$stand" -c "$stand/nginx/nginx.conf" -e "$stand/log/nginx.log" -g 'daemon off;'
	wait_for 5 listening "$app_port" || die "nginx did not start: $(reason "$stand/log/nginx.log")"
}

web_reload()
{
	local old pid

	web_nginx -t -q >"$stand/log/nginx-test.log" 2>&1 || die "nginx refuses: $(reason "$stand/log/nginx-test.log")"
	old=$(children "$(cat "$stand/run/nginx.pid")")
	kill -HUP "$(cat "$stand/run/nginx.pid")"
	for pid in $old; do
		wait_for 5 not accepting "$pid" || die "nginx did not reload: $(reason "$stand/log/nginx.log")"
	done
}

# accepting PID: whether this process of nginx still takes new connections.
accepting()
{
	tr "\\0" " " <"/proc/$1/cmdline" 2>/dev/null | grep -q "worker process *\$"
}

web_stop()
{
	end nginx QUIT 5
}

# listening PORT: whether something answers there.
listening()
{
	(exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null
}
