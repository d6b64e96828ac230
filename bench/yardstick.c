/* The yardstick: the least a FastCGI program with a database can do. Threads
 * that each accept, run one prepared query on a Postgres connection of their
 * own, and answer a fixed 300 bytes. Gatehouse is measured against it; it is
 * no part of the programs.
 *
 *   yardstick THREADS CONNINFO <listening-socket-on-0 */
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <fcgiapp.h>
#include <libpq-fe.h>

enum { BODY = 300, THREADS_MOST = 512 };

static const char *conninfo;
static char body[BODY];

static PGconn *connect_or_end(void)
{
	PGconn *conn = PQconnectdb(conninfo);
	PGresult *result =
		PQprepare(conn, "one", "SELECT $1::text || now()", 0, NULL);

	if (PQresultStatus(result) != PGRES_COMMAND_OK) {
		fputs(PQerrorMessage(conn), stderr);
		exit(1);
	}
	PQclear(result);
	return conn;
}

static void *serve(void *arg)
{
	const char *value = "x";
	PGconn *conn = connect_or_end();
	FCGX_Request request;

	FCGX_InitRequest(&request, 0, 0);
	while (FCGX_Accept_r(&request) == 0) {
		PGresult *result =
			PQexecPrepared(conn, "one", 1, &value, NULL, NULL, 0);
		int rows = PQntuples(result);

		PQclear(result);
		FCGX_FPrintF(request.out,
		             "Status: %s\r\nContent-Type: text/plain\r\n"
		             "Content-Length: %d\r\n\r\n",
		             rows == 1 ? "200 OK" : "500 No Row", BODY);
		FCGX_PutStr(body, BODY, request.out);
		FCGX_Finish_r(&request);
	}
	return arg;
}

int main(int count, char **arguments)
{
	long threads = count == 3 ? strtol(arguments[1], NULL, 10) : 0;
	pthread_t last;

	if (threads < 1 || threads > THREADS_MOST) {
		fputs("usage: yardstick THREADS CONNINFO\n", stderr);
		return 2;
	}
	conninfo = arguments[2];
	memset(body, '0', BODY);
	FCGX_Init();
	signal(SIGTERM, SIG_DFL); /* libfcgi's own handler ends nothing here */
	for (long i = 0; i < threads; i++)
		pthread_create(&last, NULL, serve, NULL);
	pthread_join(last, NULL);
	return 0;
}
