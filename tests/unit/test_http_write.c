/* SPDX-License-Identifier: MIT */
#include "tap.h"
#include "wire/http.h"

static void head(const struct http_request *r, const char *want, const char *name)
{
    struct buf b;
    struct err e = {0};

    buf_init(&b, 1024);
    is_int(http_write_head(r, &b, &e), want == NULL ? -1 : 0, name);
    if (want != NULL) {
        is_str(buf_c(&b), want, name);
    } else {
        is_int(e.kind, ERR_USAGE, name);
    }
    buf_release(&b);
}

int main(void)
{
    static const char *const fields[] = {"X-A: b", NULL};
    static const char *const bad_fields[] = {"X-A: b\r\nEvil: 1", NULL};
    struct buf b;
    struct err e = {0};
    struct http_request r = {.method = "GET", .target = "/_ping", .host = "d"};

    head(&r, "GET /_ping HTTP/1.1\r\nHost: d\r\n\r\n", "GET has no length");
    r.method = "POST";
    head(&r, "POST /_ping HTTP/1.1\r\nHost: d\r\nContent-Length: 0\r\n\r\n",
         "POST without a body has the length 0");
    r.body = HTTP_BODY_LENGTH;
    r.length = 5;
    r.content_type = "application/json";
    r.close = true;
    head(&r,
         "POST /_ping HTTP/1.1\r\nHost: d\r\nContent-Type: application/json\r\n"
         "Connection: close\r\nContent-Length: 5\r\n\r\n",
         "the length of a body is written");
    r = (struct http_request){.method = "POST",
                              .target = "/a",
                              .host = "",
                              .body = HTTP_BODY_CHUNKED,
                              .fields = fields};
    head(&r, "POST /a HTTP/1.1\r\nHost: \r\nX-A: b\r\nTransfer-Encoding: chunked\r\n\r\n",
         "a chunked body and another field are written");
    r = (struct http_request){.method = "POST", .target = "/a", .host = "d", .upgrade = true};
    head(&r,
         "POST /a HTTP/1.1\r\nHost: d\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n"
         "Content-Length: 0\r\n\r\n",
         "an upgrade is requested");
    r = (struct http_request){
        .method = "CONNECT", .target = "h:443", .host = "h:443", .upgrade = true};
    head(&r, "CONNECT h:443 HTTP/1.1\r\nHost: h:443\r\n\r\n", "CONNECT has a host and a port");
    r.target = "/h";
    head(&r, NULL, "CONNECT with a path is refused");
    r = (struct http_request){.method = "GET", .target = "/a b", .host = "d"};
    head(&r, NULL, "a blank in the target is refused");
    r.target = "/a\r\nX: y";
    head(&r, NULL, "a line break in the target is refused");
    r.target = "a";
    head(&r, NULL, "a target without its slash is refused");
    r.target = "/a";
    r.fields = bad_fields;
    head(&r, NULL, "a line break in a field is refused");

    buf_init(&b, 100);
    b.max = 10;
    r.fields = NULL;
    ok(http_write_head(&r, &b, &e) < 0 && e.kind == ERR_LIMIT,
       "the head does not exceed the buffer's maximum");
    buf_release(&b);
    return done_testing();
}
