/* A vendor that takes its time: answers each request DELAY_MS after it came,
 * any number at once, by its path. Plain HTTP/1.1 with kept connections, behind
 * an nginx that speaks TLS and HTTP/2 (bench/vendors.sh). A path with "hang" in
 * it never gets an answer.
 *
 *   slow PORT DELAY_MS FOLDER     FOLDER/NAME.json answers paths with NAME in it
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { MOST = 8192, REPLIES = 16, REQUEST_MOST = 16 << 10 };

static struct reply {
	char name[64];
	char *text;
	size_t size;
} replies[REPLIES];
static size_t reply_count;

static struct client {
	char in[REQUEST_MOST];
	size_t size;
	unsigned life; /* a descriptor is used again */
} *clients[MOST];

/* Answers that are due, in order, since each waits as long. */
static struct due {
	long at;
	int fd;
	unsigned life;
	const struct reply *reply;
} *line;
static size_t first, last, line_most = 1 << 16;

static long now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void read_replies(const char *folder)
{
	DIR *dir = opendir(folder);
	struct dirent *entry;

	while (dir && (entry = readdir(dir)) && reply_count < REPLIES) {
		struct reply *reply = &replies[reply_count];
		char *end = strstr(entry->d_name, ".json"), path[512];
		static char body[1 << 18];
		FILE *file;
		size_t size;

		if (!end)
			continue;
		snprintf(reply->name, sizeof(reply->name), "%.*s",
		         (int)(end - entry->d_name), entry->d_name);
		snprintf(path, sizeof(path), "%s/%s", folder, entry->d_name);
		file = fopen(path, "r");
		size = fread(body, 1, sizeof(body) - 1, file);
		fclose(file);
		reply->size = (size_t)asprintf(
			&reply->text,
			"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
			"Content-Length: %zu\r\n\r\n%.*s",
			size, (int)size, body);
		reply_count++;
	}
}

/* Of those whose name stands in the path, the longest. */
static const struct reply *reply_for(const char *path, size_t size)
{
	const struct reply *best = NULL;

	for (size_t i = 0; i < reply_count; i++) {
		const struct reply *r = &replies[i];

		if (memmem(path, size, r->name, strlen(r->name)) &&
		    (!best || strlen(r->name) > strlen(best->name)))
			best = r;
	}
	return best;
}

static void hang_up(int fd)
{
	clients[fd]->life++;
	clients[fd]->size = 0;
	close(fd);
}

/* Takes one whole request off; false when there is none yet. */
static int take_request(int fd, long delay)
{
	struct client *c = clients[fd];
	char *end = memmem(c->in, c->size, "\r\n\r\n", 4), *length, *line_end;
	size_t whole;

	if (!end)
		return 0;
	*end = '\0';
	length = strcasestr(c->in, "\r\nContent-Length:");
	whole = (size_t)(end + 4 - c->in) +
	        (length ? strtoul(length + 17, NULL, 10) : 0);
	if (c->size < whole) {
		*end = '\r';
		return 0;
	}
	line_end = strchr(c->in, '\r');
	if (!memmem(c->in, (size_t)((line_end ? line_end : end) - c->in),
	            "hang", 4)) {
		line[last % line_most] = (struct due){
			now_ms() + delay, fd, c->life,
			reply_for(c->in, (size_t)((line_end ? line_end : end) -
			                          c->in))
		};
		last++;
	}
	memmove(c->in, c->in + whole, c->size - whole);
	c->size -= whole;
	return 1;
}

static void read_more(int fd, long delay)
{
	struct client *c = clients[fd];
	ssize_t got = read(fd, c->in + c->size, REQUEST_MOST - 1 - c->size);

	if (got <= 0) {
		if (got == 0 || errno != EAGAIN)
			hang_up(fd);
		return;
	}
	c->size += (size_t)got;
	c->in[c->size] = '\0';
	while (take_request(fd, delay))
		;
}

static void send_due(void)
{
	long now = now_ms();

	for (; first < last && line[first % line_most].at <= now; first++) {
		struct due *due = &line[first % line_most];
		static const char none[] = "HTTP/1.1 404 Not Found\r\n"
					   "Content-Length: 0\r\n\r\n";

		if (clients[due->fd]->life != due->life)
			continue;
		if (due->reply)
			(void)!write(due->fd, due->reply->text,
			             due->reply->size);
		else
			(void)!write(due->fd, none, sizeof(none) - 1);
	}
}

static void take_in(int epoll, int listener)
{
	int fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK), one = 1;
	struct epoll_event event = { .events = EPOLLIN, .data.fd = fd };

	if (fd < 0 || fd >= MOST) {
		close(fd);
		return;
	}
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	if (!clients[fd])
		clients[fd] = calloc(1, sizeof(*clients[fd]));
	epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event);
}

int main(int count, char **arguments)
{
	struct sockaddr_in address = { .sin_family = AF_INET };
	struct epoll_event events[256];
	int listener = socket(AF_INET, SOCK_STREAM, 0), one = 1;
	int epoll = epoll_create1(0);
	long delay;

	if (count != 4)
		return 2;
	line = calloc(line_most, sizeof(*line));
	setrlimit(RLIMIT_NOFILE, &(struct rlimit){ MOST, MOST });
	address.sin_port = htons((in_port_t)atoi(arguments[1]));
	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	delay = atol(arguments[2]);
	read_replies(arguments[3]);
	setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	if (bind(listener, (void *)&address, sizeof(address)) ||
	    listen(listener, 4096)) {
		perror("slow");
		return 1;
	}
	events[0] = (struct epoll_event){ .events = EPOLLIN,
		                          .data.fd = listener };
	epoll_ctl(epoll, EPOLL_CTL_ADD, listener, events);
	for (;;) {
		long left = first < last
		                    ? line[first % line_most].at - now_ms()
		                    : 1000;
		int n = epoll_wait(epoll, events, 256, left > 0 ? (int)left : 0);

		for (int i = 0; i < n; i++) {
			if (events[i].data.fd == listener)
				take_in(epoll, listener);
			else
				read_more(events[i].data.fd, delay);
		}
		send_due();
	}
}
