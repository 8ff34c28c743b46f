/* SPDX-License-Identifier: MIT */
/* cco's volumes, with a fake engine. */
#include "engine/docker_volume.h"

#include "fake.h"
#include "session.h"
#include "tap.h"

static struct arena arena;
static struct fake f;
static struct engine en;

#define LABELS(owner, mark)                                                                    \
    "\"Labels\":{\"cco\":\"1\",\"cco.owner\":\"" owner "\",\"cco.mark\":\"" mark               \
    "\",\"cco.project\":\"/p q\"}"
#define VOLUME(name, owner, mark) "{\"Name\":\"" name "\"," LABELS(owner, mark) "}"
#define CREATE(reply)                                                                          \
    {                                                                                          \
        "POST /v1.41/volumes/create", reply, false                                             \
    }

static int make(const struct fake_rule *rules, const char **mark, struct err *e)
{
    const struct volume_make v = {.name = "cco-p-1",
                                  .project = "/p q",
                                  .owner = "0a0b0c0d",
                                  .uid = 7,
                                  .random = "00112233"};
    int rc;

    *e = (struct err){0};
    *mark = NULL;
    fake_engine(&en, &f, rules);
    rc = engine_volume_make(&en, &v, &arena, mark, e);
    ok(fake_saw(&f, "\"cco.owner\":\"0a0b0c0d\"") && fake_saw(&f, "\"cco.uid\":\"7\"") &&
           fake_saw(&f, "\"cco.project\":\"/p q\"") &&
           fake_saw(&f, "\"cco.mark\":\"00112233\""),
       "the request has all labels");
    engine_close(&en);
    fake_stop(&f);
    return rc;
}

static void making(void)
{
    static const struct fake_rule good[] = {
        CREATE(FAKE_JSON("201 Created", VOLUME("cco-p-1", "0a0b0c0d", "00112233"))), FAKE_END};
    static const struct fake_rule old[] = {
        CREATE(FAKE_JSON("201 Created", VOLUME("cco-p-1", "0a0b0c0d", "77"))), FAKE_END};
    static const struct fake_rule strange[] = {
        CREATE(FAKE_JSON("201 Created", VOLUME("cco-p-1", "ffffffff", "77"))), FAKE_END};
    static const struct fake_rule bare[] = {
        CREATE(FAKE_JSON("201 Created", "{\"Name\":\"cco-p-1\",\"Labels\":null}")),
        {"GET /v1.41/volumes/cco-p-1",
         FAKE_JSON("200 OK", "{\"Name\":\"cco-p-1\",\"Labels\":null}"), false},
        FAKE_END};
    static const struct fake_rule forgetful[] = {
        CREATE(FAKE_JSON("201 Created", "{\"Name\":\"cco-p-1\",\"Labels\":null}")),
        {"GET /v1.41/volumes/cco-p-1", FAKE_JSON("200 OK", VOLUME("cco-p-1", "0a0b0c0d", "88")),
         false},
        FAKE_END};
    static const struct fake_rule path[] = {
        CREATE(FAKE_JSON("201 Created", VOLUME("cco-p-1", "0a0b0c0d", "../../x"))), FAKE_END};
    static const struct fake_rule full[] = {
        CREATE(FAKE_JSON("500 Oops", "{\"message\":\"no space left on device\"}")), FAKE_END};
    const char *mark;
    struct err e;

    is_int(make(good, &mark, &e), 0, "a volume is made");
    is_str(mark, "00112233", "it has the mark of the request");
    is_int(make(old, &mark, &e), 0, "an existing volume is found");
    is_str(mark, "77", "it has its own mark");
    ok(make(strange, &mark, &e) < 0 && e.kind == ERR_REFUSED,
       "a volume of another owner is refused: %s", e.text);
    is_int(make(forgetful, &mark, &e), 0, "a volume without labels in the reply is found");
    is_str(mark, "88", "its mark comes from another request");
    ok(make(bare, &mark, &e) < 0 && e.kind == ERR_REFUSED,
       "a volume without labels is refused: %s", e.text);
    ok(make(path, &mark, &e) < 0 && e.kind == ERR_REFUSED,
       "a mark that is not hex digits is refused: %s", e.text);
    ok(make(full, &mark, &e) < 0 && strstr(e.text, "no space") != NULL,
       "a refusal is an error: %s", e.text);
}

static void listing(void)
{
    static const struct fake_rule rules[] = {
        {"GET "
         "/v1.41/volumes?filters=%7B%22label%22%3A%5B%22cco%3D1%22%2C%22cco.owner%3D0a0b%22%5D%"
         "7D",
         FAKE_JSON("200 OK",
                   "{\"Volumes\":[" VOLUME("a", "0a0b", "11") ",{\"Name\":\"x\"}," VOLUME(
                       "b", "0a0b", "22") "],\"Warnings\":null}"),
         false},
        {"DELETE /v1.41/volumes/a", "HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n",
         false},
        {"DELETE /v1.41/volumes/gone",
         FAKE_JSON("404 Not Found", "{\"message\":\"no such volume\"}"), false},
        {"DELETE /v1.41/volumes/used",
         FAKE_JSON("409 Conflict", "{\"message\":\"volume is in use\"}"), false},
        FAKE_END};
    struct engine_volume *all = NULL;
    struct err e = {0};
    size_t count = 0;

    fake_engine(&en, &f, rules);
    is_int(engine_volumes(&en, "0a0b", &arena, &all, &count, &e), 0,
           "volumes are listed by label and owner");
    ok(count == 2 && strcmp(all[0].name, "a") == 0 && strcmp(all[1].mark, "22") == 0 &&
           strcmp(all[1].project, "/p q") == 0,
       "only volumes with cco's labels are listed");
    is_int(engine_volume_remove(&en, "a", &e), 0, "a volume is removed");
    is_int(engine_volume_remove(&en, "gone", &e), 0, "removing a missing volume succeeds");
    ok(engine_volume_remove(&en, "used", &e) < 0 && e.kind == ERR_REFUSED,
       "a volume in use is refused: %s", e.text);
    engine_close(&en);
    fake_stop(&f);
}

int main(void)
{
    (void)signal(SIGPIPE, SIG_IGN);
    making();
    listing();
    arena_release(&arena);
    return done_testing();
}
