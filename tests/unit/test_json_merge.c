/* SPDX-License-Identifier: MIT */
#include "wire/json_merge.h"

#include "base/clock.h"
#include "base/limits.h"
#include "slow.h"
#include "tap.h"
#include "wire/json.h"

enum { NUMBER = JSON_IS(JSON_NUMBER), MANY = 100000, TEXT_MAX = 8 << 20 };

static const struct json_rule inner[] = {
    {JSON_KEY, "no", JSON_KEEP, 0, false, NULL, "never"},
    {JSON_KEY_ANY, NULL, JSON_PREFER, 0, false, NULL, "any"},
};
static const struct json_rules inner_rules = {inner, 2};
static const struct json_rule middle[] = {
    {JSON_KEY_NAMED, NULL, JSON_DESCEND, 0, false, &inner_rules, "the named one"}};
static const struct json_rules middle_rules = {middle, 1};
static const struct json_rule top[] = {
    {JSON_KEY, "never", JSON_KEEP, 0, false, NULL, "never"},
    {JSON_KEY_ENDS, "Never", JSON_KEEP, 0, false, NULL, "never"},
    {JSON_KEY, "take", JSON_TAKE, 0, false, NULL, "ours wins"},
    {JSON_KEY_STARTS, "prefer", JSON_PREFER, 0, false, NULL, "`other` wins"},
    {JSON_KEY, "stay", JSON_TAKE, 0, true, NULL, "never deleted"},
    {JSON_KEY, "in", JSON_DESCEND, 0, false, &middle_rules, "deeper"},
    {JSON_KEY_ANY, NULL, JSON_TAKE, NUMBER, false, NULL, "numbers"},
};
static const struct json_rules ring_rules;
static const struct json_rule ring[] = {
    {JSON_KEY, "in", JSON_DESCEND, 0, false, &ring_rules, "without end"},
    {JSON_KEY_ANY, NULL, JSON_TAKE, NUMBER, false, NULL, "numbers"},
};
static const struct json_rules ring_rules = {ring, 2};
static const struct json_rules rules = {top, sizeof(top) / sizeof(top[0])};

/* Checks that a merge gives `want`; NULL: ours, unchanged. */
static void merge(const char *base, const char *ours, const char *other, const char *want,
                  const char *name)
{
    struct json_merge in = {str_c(base), str_c(ours), str_c(other), &rules, "/p"};
    struct buf out;
    struct buf again;
    struct err e = {0};
    bool changed = false;

    buf_init(&out, 4096);
    buf_init(&again, 4096);
    is_int(json_merge(&in, &out, &changed, &e), 0, name);
    is_str(buf_c(&out), want == NULL ? ours : want, name);
    ok(changed == (want != NULL), "%s: *changed is right", name);
    in.ours = buf_str(&out);
    ok(json_merge(&in, &again, &changed, &e) == 0 && !changed &&
           str_eq(buf_str(&again), buf_str(&out)),
       "%s: merging again changes nothing", name);
    in.ours = in.other = in.base;
    buf_reset(&again);
    ok(json_merge(&in, &again, &changed, &e) == 0 && !changed &&
           str_eq(buf_str(&again), in.base),
       "%s: without changes of `other` nothing changes", name);
    buf_release(&out);
    buf_release(&again);
}

static void values_are_merged_by_their_rule(void)
{
#define B "{\"take\":1,\"preferred\":1,\"never\":1,\"n\":1,\"s\":\"x\",\"stay\":1}"
    merge(B, B, B, NULL, "three equal texts");
    merge("{\"take\":1}", "{ \"take\" : 1 ,\"z\":1.0}\n", "{\"take\":2}",
          "{ \"take\" : 2 ,\"z\":1.0}\n", "a changed value; every other byte of ours stays");
    merge("{\"take\":1}", "{\"take\":3}", "{\"take\":2}", NULL,
          "JSON_TAKE: of two changes, ours stays");
    merge("{\"prefer\":1}", "{\"prefer\":3}", "{\"prefer\":2}", "{\"prefer\":2}",
          "JSON_PREFER: of two changes, that of `other` is taken");
    merge("{\"never\":1}", "{\"never\":1}", "{\"never\":2}", NULL,
          "JSON_KEEP: a change is not taken");
    merge("{}", "{}", "{\"never\":2}", NULL, "JSON_KEEP: a new member is not taken");
    merge("{\"never\":2}", "{\"never\":2}", "{}", NULL, "JSON_KEEP: a deletion is not taken");
    merge("{}", "{}", "{\"\\u006eever\":2}", NULL,
          "JSON_KEEP: an escaped key is compared unescaped");
    merge("{}", "{}", "{\"xNever\":2,\"x\":3}", "{\"x\":3}",
          "a rule matches by the end of the key");
    merge("{}", "{}", "{\"u\":\"s\",\"v\":[1],\"w\":true,\"x\":{\"y\":1},\"z\":null}", NULL,
          "members that no rule permits");
    merge("{\"s\":\"x\"}", "{\"s\":\"x\"}", "{\"s\":1}", NULL,
          "ours has another type: it stays");
    merge("{\"n\":1}", "{\"n\":1}", "{\"n\":\"1\"}", NULL,
          "`other` has another type: it is not taken");
    merge("{\"take\":1,\"a\":{}}", "{\"take\":1,\"a\":{}}", "{\"a\":{}}", "{\"a\":{}}",
          "a deletion is taken");
    merge("{\"a\":{},\"take\":1 }", "{\"a\":{},\"take\":1 }", "{\"a\":{}}", "{\"a\":{} }",
          "a deletion of the last member is taken");
    merge("{\"take\":1}", "{\"a\":1, \"take\":1 , \"b\":3}", "{}", "{\"a\":1 , \"b\":3}",
          "a deletion of a member in the middle is taken");
    merge("{\"take\":1}", "{\"take\":2}", "{}", NULL,
          "JSON_TAKE: a deletion of a member that ours changed is not taken");
    merge("{\"prefer\":1}", "{\"prefer\":2}", "{}", "{}",
          "JSON_PREFER: `other` is taken although ours changed the member");
    merge("{\"stay\":1}", "{\"stay\":1}", "{}", NULL,
          "a deletion is not taken if the rule says so");
    merge("{\"take\":1}", "{}", "{\"take\":2}", NULL,
          "JSON_TAKE: a change of a member that ours deleted is not taken");
    merge("{\"prefer\":1}", "{}", "{\"prefer\":2}", "{\"prefer\":2}",
          "JSON_PREFER: `other` is taken although ours changed the member");
    merge("{\"take\":\"a b\"}", "{\"take\":\"a b\"}", "{ \"take\" : \"a\\u0020b\" }", NULL,
          "another spelling of a value is not a change");
    merge("{}", "{\n  \"z\": 1\n}\n", "{\"n\":2, \"m\":3}",
          "{\n  \"z\": 1,\n  \"n\":2,\n  \"m\":3\n}\n",
          "new members have the indentation of the others");
    merge("{\"n\":1,\"m\":1}", "{\"n\":1,\"m\":1}", "{\"k\":2}", "{\"k\":2}",
          "all members are deleted and one is added");
    merge("{\"n\":1}", "{\"n\":1,\"z\":{}}", "{\"k\":2}", "{\"z\":{},\"k\":2}",
          "one member is deleted, one stays, one is added");
    merge("{}", "{\"n\":1,\"n\":2}", "{\"n\":3}", NULL,
          "a key that occurs twice in ours: both stay");
    merge("{}", "{}", "{\"n\":1,\"n\":2}", "{\"n\":2}",
          "a key that occurs twice in `other`: the last one is taken");
    merge("{}", "{}", "{\"never\":1,\"n\":\"s\",\"n\":2}", "{\"n\":2}",
          "a key that occurs twice in `other`: the first one is ignored");
    merge("{}", "{}", "{\"n\\u0000\":2}", "{\"n\\u0000\":2}", "a key may contain any byte");
    merge("{\"take\":[1]}", "{\"take\":[1,2]}", "{\"take\":[1,3]}", "{\"take\":[1,2,3]}",
          "arrays that both sides changed are joined");
    merge("{\"take\":[1]}", "{\"take\":[1,2]}", "{\"take\":[2,1]}", NULL,
          "an array of `other` without new items is not taken");
    merge("{\"take\":[1]}", "{\"take\":[1]}", "{\"take\":[]}", "{\"take\":[]}",
          "an array that only `other` changed is taken");
    merge("{\"take\":5}", "{\"take\":[1]}", "{\"take\":[2]}", "{\"take\":[1,2]}",
          "arrays that base has as a number are joined");
    merge("{\"take\":{\"x\":2}}", "{\"take\":[1]}", "{\"take\":[2]}", "{\"take\":[1,2]}",
          "arrays that base has as an object are joined");
}

static void objects_are_merged_member_by_member(void)
{
    merge("{}", "{}", "{\"in\":{\"/p\":{\"a\":1,\"no\":2,\"b\":\"s\"}}}",
          "{\"in\":{\"/p\":{\"a\":1,\"b\":\"s\"}}}", "objects that ours lacks are added");
    merge("{}", "{}", "{\"in\":{\"/p\":{\"no\":2}}}", NULL,
          "an object without permitted members is not added");
    merge("{}", "{}", "{\"in\":{\"/q\":{\"a\":2}}}", NULL,
          "JSON_KEY_NAMED: another name is not added");
    merge("{\"in\":{\"/q\":{\"a\":1}}}", "{\"in\":{\"/q\":{\"a\":1}}}", "{}", NULL,
          "JSON_KEY_NAMED: another name is not deleted");
    merge("{\"in\":{}}", "{\"in\":{\"/q\":{}},\"z\":1}", "{\"in\":{\"/p\":{\"a\":{}}}}",
          "{\"in\":{\"/q\":{},\"/p\":{\"a\":{}}},\"z\":1}",
          "a new object is added beside others");
    merge("{\"in\":{\"/p\":{\"a\":1,\"no\":1}}}", "{\"in\":{\"/p\":{\"a\":1,\"no\":1}}}", "{}",
          "{\"in\":{\"/p\":{\"no\":1}}}", "a deleted object is deleted member by member");
    merge("{}", "{\"in\":[]}", "{\"in\":{\"/p\":{\"a\":2}}}", NULL,
          "ours is not an object: it stays");
    merge("{\"in\":{\"/p\":{}}}", "{\"in\":{\"/p\":{}}}", "{\"in\":[\"/p\"]}", NULL,
          "`other` is not an object: it is not taken");
    merge("{}", "{\"in\":{\"/p\":{},\"/p\":{}}}", "{\"in\":{\"/p\":{\"a\":2}}}", NULL,
          "an object whose key occurs twice in ours stays");
    merge("{}", "{\"n\":1,\"in\":{\"/p\":{\"x\":0}} }",
          "{\"\\u0069n\":{\"\\/p\":{\"a\":2}},\"m\":7}",
          "{\"n\":1,\"in\":{\"/p\":{\"x\":0,\"a\":2}},\"m\":7 }",
          "keys may be spelled in any way");
}

static void refused(const char *base, const char *ours, const char *other, const char *text)
{
    struct json_merge in = {str_c(base), str_c(ours), str_c(other), &rules, "/p"};
    struct buf out;
    struct err e = {0};
    bool changed = true;

    buf_init(&out, 64);
    ok(json_merge(&in, &out, &changed, &e) < 0 && e.kind == ERR_FORMAT && out.len == 0 &&
           changed,
       "refused: %s", e.text);
    ok(strncmp(e.text, text, strlen(text)) == 0, "the error names the text: %s", text);
    buf_release(&out);
}

/* Writes {FRONT,"k0":N,...}. The numbers in the keys grow by `step`, modulo MANY. */
static void many(struct buf *b, unsigned step, unsigned value, const char *front)
{
    buf_reset(b);
    (void)buf_addf(b, "{%s", front);
    for (unsigned i = 0; i < MANY; i++) {
        (void)buf_addf(b, ",\"k%u\":%u", (i * step) % MANY, value);
    }
    (void)buf_add_byte(b, '}');
}

static void timed(struct json_merge *in, bool want, const char *name)
{
    struct buf out;
    struct err e = {0};
    bool changed = false;
    int64_t start = clock_ms();

    buf_init(&out, 4U * TEXT_MAX);
    ok((json_merge(in, &out, &changed, &e) == 0) == want, "%s: %s", name, e.text);
    ok(clock_ms() - start < 20000 * test_slow(), "%s: in less than quadratic time",
       name); /* with quadratic time: minutes */
    buf_release(&out);
}

static void large_texts_take_little_time(void)
{
    struct buf base;
    struct buf ours;
    struct buf other;
    struct json_merge in = {.rules = &rules, .name = "/p"};

    buf_init(&base, TEXT_MAX);
    buf_init(&ours, TEXT_MAX);
    buf_init(&other, TEXT_MAX);
    many(&base, 1, 1, "\"x\":0");
    many(&ours, 7, 1, "\"x\":0");
    many(&other, 3, 2, "\"x\":0");
    in = (struct json_merge){buf_str(&base), buf_str(&ours), buf_str(&other), &rules, "/p"};
    timed(&in, true, "many keys");
    in.ours = str_c("{}");
    timed(&in, true, "many keys that ours lacks");
    in.base = str_c("{}");
    timed(&in, true, "many new keys");
    buf_reset(&other);
    (void)buf_add_c(&other, "{\"take\":[0");
    for (unsigned i = 1; i < MANY; i++) {
        (void)buf_addf(&other, ",\"\\u0061%u\"", i);
    }
    (void)buf_add_c(&other, "]}");
    in.ours = str_c("{\"take\":[1]}");
    in.other = buf_str(&other);
    timed(&in, true, "a long array");
    buf_reset(&other);
    (void)buf_add_c(&other, "{\"n\":0");
    for (unsigned i = 1; i < MANY; i++) {
        (void)buf_add_c(&other, ",\"n\":1");
    }
    (void)buf_add_c(&other, "}");
    in.ours = in.other = buf_str(&other);
    timed(&in, true, "one key many times");
    buf_reset(&other);
    (void)buf_add_c(&other, "{\"a\":[0");
    for (unsigned i = 0; i <= JSON_MERGE_MEMBERS; i++) {
        (void)buf_add_c(&other, ",0");
    }
    (void)buf_add_c(&other, "]}");
    in.ours = str_c("{\"a\":1}");
    in.other = buf_str(&other);
    timed(&in, true, "an array that is not taken is not counted");
    buf_reset(&base);
    (void)buf_add_c(&base, "{\"take\"");
    (void)buf_add_str(&base, str_drop(buf_str(&other), strlen("{\"a\"")));
    in.ours = str_c("{\"take\":[]}");
    in.base = str_c("{}");
    in.other = buf_str(&base);
    timed(&in, false, "an array that is taken is counted");
    buf_reset(&base);
    (void)buf_add_c(&base, "{\"a\":0");
    for (unsigned i = 0; i <= JSON_MERGE_MEMBERS; i++) {
        (void)buf_add_c(&base, ",\"\":0");
    }
    (void)buf_add_c(&base, "}");
    in.other = buf_str(&base);
    timed(&in, false, "too many members");
    buf_release(&base);
    buf_release(&ours);
    buf_release(&other);
}

/* Writes `levels` nested objects, the innermost of which has a number. */
static void nest(struct buf *b, int levels)
{
    buf_reset(b);
    for (int i = 1; i < levels; i++) {
        (void)buf_add_c(b, "{\"in\":");
    }
    (void)buf_add_c(b, "{\"n\":1");
    for (int i = 0; i < levels; i++) {
        (void)buf_add_byte(b, '}');
    }
}

static void nesting_is_limited(void)
{
    struct json_merge in = {.base = str_c("{}"), .ours = str_c("{}"), .rules = &ring_rules};
    struct buf other;
    struct buf out;
    struct err e = {0};
    bool changed = false;

    buf_init(&other, 1024);
    buf_init(&out, 1024);
    nest(&other, JSON_MERGE_LEVELS);
    in.other = buf_str(&other);
    ok(json_merge(&in, &out, &changed, &e) == 0 && str_eq(buf_str(&out), in.other),
       "JSON_MERGE_LEVELS levels are merged");
    buf_reset(&out);
    nest(&other, JSON_MERGE_LEVELS + 1);
    in.other = buf_str(&other);
    ok(json_merge(&in, &out, &changed, &e) == 0 && !changed, "a deeper level stays");
    buf_release(&other);
    buf_release(&out);
}

static void limits_are_enforced(void)
{
    struct json_merge in = {str_c("{}"), str_c("{\"z\":1}"), str_c("{\"n\":12345}"), &rules,
                            NULL};
    struct buf out;
    struct buf text;
    struct err e = {0};
    bool changed = false;

    buf_init(&out, 12);
    ok(json_merge(&in, &out, &changed, &e) < 0 && e.kind == ERR_LIMIT,
       "a result past the buffer's maximum is an error: %s", e.text);
    buf_release(&out);
    buf_init(&text, TEXT_MAX);
    (void)buf_add_c(&text, "{\"take\":\"");
    while (text.len < JSON_MERGE_SCALAR + 10) {
        (void)buf_add_byte(&text, 'x');
    }
    (void)buf_add_c(&text, "\"}");
    in.other = buf_str(&text);
    buf_init(&out, TEXT_MAX);
    ok(json_merge(&in, &out, &changed, &e) == 0 && !changed, "a long string is not taken");
    for (size_t len = JSON_MERGE_KEY; len <= JSON_MERGE_KEY + 1; len++) {
        buf_reset(&text);
        buf_reset(&out);
        (void)buf_add_c(&text, "{\"");
        while (text.len < len + 2) {
            (void)buf_add_byte(&text, 'x');
        }
        (void)buf_add_c(&text, "\":1}");
        in.other = buf_str(&text);
        ok(json_merge(&in, &out, &changed, &e) == 0 && changed == (len == JSON_MERGE_KEY),
           "JSON_KEY_ANY and a key of %zu bytes", len);
    }
    buf_reset(&text);
    (void)buf_add_c(&text, "{\"take\":");
    for (int i = 0; i < LIMIT_JSON_DEPTH; i++) {
        (void)buf_add_byte(&text, '[');
    }
    in.other = buf_str(&text);
    ok(json_merge(&in, &out, &changed, &e) < 0,
       "a text that is nested too deeply is refused: %s", e.text);
    buf_release(&out);
    buf_release(&text);
}

static struct json parsed(const char *text)
{
    struct json v = {0};
    struct err e = {0};

    (void)json_parse(str_c(text), &v, &e);
    return v;
}

static void join(const char *base, const char *ours, const char *other, const char *want)
{
    struct buf out;
    size_t budget = 100;
    enum json_joined joined;

    buf_init(&out, 1024);
    joined = json_join(parsed(base), parsed(ours), parsed(other), &budget, &out);
    ok(joined == (want == NULL ? JSON_JOIN_NOTHING : JSON_JOIN_DONE), "joined: %s + %s", ours,
       other);
    is_str(buf_c(&out), want == NULL ? "" : want, "the joined array has the right items");
    buf_release(&out);
}

static void arrays_are_joined(void)
{
    struct buf out;
    size_t budget = 5;

    join("[1]", "[1,2]", "[1,3]", "[1,2,3]");
    join("[1]", "[2,1]", "[3,1]", "[3,2,1]");
    join("[1]", "[2,1]", "[3,4,1,5]", "[3,4,2,1,5]");
    join("[1]", "[1,2]", "[2]", NULL);
    join("[1]", "[]", "[1]", NULL);
    join("[]", "[2]", "[3,4]", "[2,3,4]");
    join("[1]", "[]", "[3,4,1,5]", "[3,4,5]");
    join("[]", "[\n  1\n]", "[2]", "[\n  1,2\n]");
    join("[{\"a\":1}]", "[]", "[{ \"a\" : 1 },\"x\"]", "[\"x\"]");
    join("[]", "[[1]]", "[[1],[ 1, 2 ]]", "[[1],[ 1, 2 ]]");

    buf_init(&out, 1024);
    ok(json_join(parsed("[1,2]"), parsed("[3]"), parsed("[4,5,6]"), &budget, &out) ==
               JSON_JOIN_MANY &&
           out.len == 0,
       "more items than the budget are refused");
    buf_release(&out);
}

int main(void)
{
    values_are_merged_by_their_rule();
    objects_are_merged_member_by_member();
    refused("[]", "{}", "{}", "base");
    refused("{}", "1", "{}", "ours");
    refused("{}", "{}", "{} {}", "other");
    refused("{}", "{}", "[]", "other");
    refused("{}", "{}", "", "other");
    large_texts_take_little_time();
    limits_are_enforced();
    arrays_are_joined();
    nesting_is_limited();
    return done_testing();
}
