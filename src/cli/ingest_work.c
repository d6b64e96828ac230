#include "cli/ingest_work.h"

#include <assert.h>
#include <fts.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cli/ingest_file.h"
#include "core/arena.h"
#include "core/json.h"
#include "core/text.h"
#include "vault/vault.h"

enum {
	THREADS = 2, /* one waits for Postgres while the other reads */
	BATCH_MOST = 50,
	BATCH_BYTES = 1024 * 1024,
	BATCH_MS = 120000,
	BATCH_MEMORY = 256 << 20,
	SHOW_MS = 100,
};

/* ---- the list ---- */

static int by_bytes(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Room doubles; the arena keeps the outgrown lists until its end. */
static void add(struct arena *mem, struct ingest_files *files, size_t *room,
                char *origin)
{
	if (files->count == *room) {
		char **old = files->origins;

		*room = *room ? *room * 2 : 1024;
		files->origins = arena_array(mem, *room, sizeof(char *));
		if (files->count)
			memcpy(files->origins, old,
			       files->count * sizeof(char *));
	}
	files->origins[files->count++] = origin;
}

CAN_FAIL ingest_list(struct arena *mem, const char *folder,
                     struct ingest_files *files)
{
	char *roots[] = { text_copy(mem, folder), NULL };
	FTS *walk = fts_open(roots, FTS_PHYSICAL | FTS_COMFOLLOW | FTS_NOCHDIR,
	                     NULL);
	size_t skip = strlen(folder) + !text_ends(folder, "/"), room = 0;
	FTSENT *entry;
	bool found = false;

	while (walk && (entry = fts_read(walk))) {
		found = found || entry->fts_info == FTS_D;
		if (entry->fts_info == FTS_F)
			add(mem, files, &room,
			    text_copy(mem, entry->fts_path + skip));
	}
	if (walk)
		fts_close(walk);
	if (!found)
		return fault_told(mem, FAULT_BAD_INPUT,
		                  "There is no folder %s that can be read.",
		                  folder);
	if (files->count)
		qsort(files->origins, files->count, sizeof(char *), by_bytes);
	return NULL;
}

bool ingest_has(const struct ingest_files *files, const char *origin)
{
	return files->count && bsearch(&origin, files->origins, files->count,
	                               sizeof(char *), by_bytes);
}

/* ---- what a thread does ---- */

/* Documents on their way to Postgres: one statement, one transaction. */
struct batch {
	struct arena *mem;
	struct ingest *ingest;
	struct db db;
	json_object *documents;
	size_t bytes;
};

static void begin(struct batch *batch)
{
	arena_reset(batch->mem);
	batch->documents = js_array(batch->mem);
	batch->bytes = 0;
}

static CAN_FAIL put(struct batch *batch)
{
	struct ingest *ingest = batch->ingest;
	size_t count = js_count(batch->documents);
	struct rows *rows = NULL;

	batch->db.deadline = deadline_in(BATCH_MS);
	if (count)
		TRY(db_run(&batch->db, SQL_DOCUMENTS_PUT, &rows,
		           ingest->source_id,
		           js_print(batch->mem, batch->documents)));
	pthread_mutex_lock(&ingest->lock);
	ingest->put += rows_count(rows);
	ingest->unchanged += count - rows_count(rows);
	ingest->bytes += batch->bytes;
	ingest->done += count;
	pthread_mutex_unlock(&ingest->lock);
	begin(batch);
	return NULL;
}

static int by_origin(const void *key, const void *known)
{
	return strcmp(key, ((const struct ingest_known *)known)->origin);
}

static bool is_known(const struct ingest *ingest, const char *origin,
                     const char *digest)
{
	const struct ingest_known *known =
		ingest->known_count
			? bsearch(origin, ingest->known, ingest->known_count,
	                          sizeof(*ingest->known), by_origin)
			: NULL;

	return known && text_same(known->digest, digest);
}

/* The address of a file below the base, each part of its path encoded. */
static const char *url_of(struct arena *mem, const char *base,
                          const char *origin)
{
	struct buffer url = { .mem = mem };

	if (!base)
		return NULL;
	buffer_add(&url, base);
	if (!text_ends(base, "/"))
		buffer_add(&url, "/");
	while (*origin) {
		size_t size = strcspn(origin, "/");

		buffer_add(&url,
		           text_percent(mem, text_copy_n(mem, origin, size)));
		origin += size;
		if (*origin == '/') {
			buffer_add(&url, "/");
			origin++;
		}
	}
	return url.text;
}

/* Whatever changes what is stored changes the digest: the language too. */
static const char *digest_of(struct batch *batch,
                             const struct ingest_document *document,
                             const char *url)
{
	return digest_hex(batch->mem,
	                  text_format(batch->mem, "%s\n%s\n%s\n%s",
	                              batch->ingest->language, document->title,
	                              url ? url : "", document->text));
}

static void add_document(struct batch *batch,
                         const struct ingest_document *document,
                         const char *url, const char *digest)
{
	json_object *tree = js_add_object(batch->documents), *metadata;

	js_put_text(tree, "origin", document->origin);
	js_put_text(tree, "title", document->title);
	js_put_text(tree, "text", document->text);
	js_put_text(tree, "url", url);
	js_put_text(tree, "digest", digest);
	metadata = js_put_object(tree, "metadata");
	js_put_text(metadata, "path", document->origin);
	js_put_text(metadata, "type", document->type);
	js_put_text(metadata, "modified", document->modified);
	batch->bytes += strlen(document->text);
}

static void tell_skipped(struct ingest *ingest, struct arena *mem,
                         const char *origin, const char *reason)
{
	const char *name = text_valid(origin, strlen(origin))
	                           ? text_fold(mem, text_visible(mem, origin))
	                           : text_percent(mem, origin);

	pthread_mutex_lock(&ingest->lock);
	ingest->skipped++;
	ingest->done++;
	if (ingest->list) {
		fprintf(ingest->list, "%s: %s\n", name, reason);
	} else if (!ingest->progress.quiet) {
		progress_clear(&ingest->progress);
		fprintf(stderr, "skipped: %s: %s\n", name, reason);
	}
	pthread_mutex_unlock(&ingest->lock);
}

static CAN_FAIL take(struct batch *batch, const char *origin)
{
	struct ingest *ingest = batch->ingest;
	struct ingest_document document = { 0 };
	const char *path =
		text_format(batch->mem, "%s/%s", ingest->folder, origin);
	const char *wrong = ingest_read(batch->mem, path, origin, &document);
	const char *url, *digest;

	if (wrong) {
		tell_skipped(ingest, batch->mem, origin, wrong);
		return NULL;
	}
	url = url_of(batch->mem, ingest->url_base, origin);
	digest = digest_of(batch, &document, url);
	if (is_known(ingest, origin, digest)) {
		pthread_mutex_lock(&ingest->lock);
		ingest->unchanged++;
		ingest->done++;
		pthread_mutex_unlock(&ingest->lock);
	} else {
		add_document(batch, &document, url, digest);
	}
	if (js_count(batch->documents) >= BATCH_MOST ||
	    batch->bytes >= BATCH_BYTES ||
	    arena_used(batch->mem) >= BATCH_MEMORY / 4)
		return put(batch);
	return NULL;
}

/* The next file, or NULL: none is left, or another thread failed. */
static const char *next_file(struct ingest *ingest)
{
	const char *origin = NULL;

	pthread_mutex_lock(&ingest->lock);
	if (!ingest->failed && ingest->next < ingest->files.count)
		origin = ingest->files.origins[ingest->next++];
	pthread_mutex_unlock(&ingest->lock);
	return origin;
}

static CAN_FAIL take_all(struct batch *batch)
{
	const char *origin;

	while ((origin = next_file(batch->ingest)))
		TRY(take(batch, origin));
	return put(batch);
}

/* Keeps the first fault: its texts end with the thread's arena. */
static void finish(struct ingest *ingest, const struct fault *fault)
{
	pthread_mutex_lock(&ingest->lock);
	if (fault && !ingest->failed) {
		ingest->failed = true;
		ingest->kind = fault->kind;
		snprintf(ingest->told, sizeof(ingest->told), "%s", fault->told);
		snprintf(ingest->note, sizeof(ingest->note), "%s", fault->note);
	}
	ingest->threads--;
	pthread_cond_signal(&ingest->changed);
	pthread_mutex_unlock(&ingest->lock);
}

static void *work(void *argument)
{
	struct ingest *ingest = argument;
	struct batch batch = {
		.mem = arena_new(BATCH_MEMORY),
		.ingest = ingest,
		.db = ingest->db,
	};

	batch.db.mem = batch.mem;
	begin(&batch);
	finish(ingest, take_all(&batch));
	arena_free(batch.mem);
	return NULL;
}

/* ---- the whole ---- */

/* Shows how far it is until all threads have ended. */
static void watch(struct ingest *ingest)
{
	pthread_mutex_lock(&ingest->lock);
	while (ingest->threads > 0) {
		struct timespec until;

		clock_gettime(CLOCK_REALTIME, &until);
		until.tv_nsec += SHOW_MS * 1000000L;
		until.tv_sec += until.tv_nsec / 1000000000L;
		until.tv_nsec %= 1000000000L;
		pthread_cond_timedwait(&ingest->changed, &ingest->lock, &until);
		progress_show(&ingest->progress, ingest->done,
		              ingest->files.count);
	}
	progress_clear(&ingest->progress);
	pthread_mutex_unlock(&ingest->lock);
}

CAN_FAIL ingest_work(struct ingest *ingest, struct arena *mem)
{
	pthread_t threads[THREADS];

	pthread_mutex_init(&ingest->lock, NULL);
	pthread_cond_init(&ingest->changed, NULL);
	ingest->threads = THREADS;
	progress_start(&ingest->progress);
	for (size_t i = 0; i < THREADS; i++) {
		int failed = pthread_create(&threads[i], NULL, work, ingest);

		assert(!failed);
	}
	watch(ingest);
	for (size_t i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	pthread_cond_destroy(&ingest->changed);
	pthread_mutex_destroy(&ingest->lock);
	if (!ingest->failed)
		return NULL;
	if (text_same(ingest->told, fault_row(ingest->kind)->told))
		return fault(mem, ingest->kind, "%s", ingest->note);
	return fault_told(mem, ingest->kind, "%s", ingest->told);
}
