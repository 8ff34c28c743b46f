/* SPDX-License-Identifier: MIT */
#include "wire/http.h"

#include <string.h>

/* Returns true if s contains nothing that would end a line early; without `blanks`, also
 * nothing that would end a request's target early. */
static bool is_clean(const char *s, bool blanks)
{
    return strpbrk(s, blanks ? "\r\n" : "\r\n \t") == NULL;
}

static bool is_connect(const struct http_request *r)
{
    return strcmp(r->method, "CONNECT") == 0;
}

static int check(const struct http_request *r, struct err *e)
{
    bool ok = is_clean(r->method, false) && r->method[0] != '\0' &&
              (r->target[0] == '/') != is_connect(r) && is_clean(r->target, false) &&
              is_clean(r->host, false) &&
              (r->content_type == NULL || is_clean(r->content_type, true));

    for (size_t i = 0; ok && r->fields != NULL && r->fields[i] != NULL; i++) {
        ok = is_clean(r->fields[i], true) && strchr(r->fields[i], ':') != NULL;
    }
    return ok ? 0 : err_set(e, ERR_USAGE, "a part of the request has a blank or a line break");
}

int http_write_head(const struct http_request *r, struct buf *out, struct err *e)
{
    bool wants_length = strcmp(r->method, "POST") == 0 || strcmp(r->method, "PUT") == 0;

    if (check(r, e) < 0) {
        return -1;
    }
    /* An overflow of the buf is sticky, so it is enough to check at the end. */
    (void)buf_addf(out, "%s %s HTTP/1.1\r\nHost: %s\r\n", r->method, r->target, r->host);
    if (r->content_type != NULL) {
        (void)buf_addf(out, "Content-Type: %s\r\n", r->content_type);
    }
    for (size_t i = 0; r->fields != NULL && r->fields[i] != NULL; i++) {
        (void)buf_addf(out, "%s\r\n", r->fields[i]);
    }
    if (r->upgrade && !is_connect(r)) {
        (void)buf_add_c(out, "Connection: Upgrade\r\nUpgrade: tcp\r\n");
    } else if (r->close) {
        (void)buf_add_c(out, "Connection: close\r\n");
    }
    if (r->body == HTTP_BODY_CHUNKED) {
        (void)buf_add_c(out, "Transfer-Encoding: chunked\r\n");
    } else if (r->body == HTTP_BODY_LENGTH || wants_length) {
        (void)buf_addf(out, "Content-Length: %llu\r\n",
                       r->body == HTTP_BODY_LENGTH ? (unsigned long long)r->length : 0ULL);
    }
    if (buf_add_c(out, "\r\n") < 0) {
        return err_set(e, ERR_LIMIT, "the request's head is past the limit of %zu bytes",
                       out->max);
    }
    return 0;
}
