/* REST: the documents of a source of type documents. */
#ifndef GATEHOUSE_API_DOCUMENTS_H
#define GATEHOUSE_API_DOCUMENTS_H

#include "core/fault.h"

struct request;
struct response;

/* Handlers of /api/v1/sources/{}/documents and …/documents/{}. A document is
 * {id, title, url, metadata, created_at, updated_at}, read one by one with its
 * text. Faults: NO_SOURCE (absent, deleted, someone else's), BAD_FIELD, told
 * (a source of another type, a field of the wrong form), NO_DOCUMENT. */
CAN_FAIL documents_list(struct request *req, struct response *out);
CAN_FAIL document_create(struct request *req, struct response *out);
CAN_FAIL document_get(struct request *req, struct response *out);
CAN_FAIL document_replace(struct request *req, struct response *out);
CAN_FAIL document_delete(struct request *req, struct response *out);

#endif
