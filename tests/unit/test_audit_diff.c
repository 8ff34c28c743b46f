/* SPDX-License-Identifier: MIT */
#include "host/audit.h"

#include "host/audit_table.h"

#include "audit.h"

static struct audit_entry entry(const char *path, enum audit_kind kind, const char *digest)
{
    struct audit_entry one = {
        .path = path, .kind = kind, .mode = 0644, .stamp = "1", .rule = AUDIT_SPECIALS};

    (void)snprintf(one.digest, sizeof(one.digest), "%s", digest);
    one.target = kind == AUDIT_LINK ? "there" : NULL;
    return one;
}

/* Compares two snapshots of one entry each, and returns the lines of the findings. An entry
 * without a path is left out. */
static const char *of_two(struct audit_entry was, struct audit_entry is)
{
    struct audit one = {.entries = &was, .count = was.path != NULL ? 1 : 0};
    struct audit two = {.entries = &is, .count = is.path != NULL ? 1 : 0};

    audit_diff(&one, &two, &arena, &report);
    return lines();
}

static void every_kind_is_reported(void)
{
    static const char *const words[AUDIT_KINDS] = {
        "f is now a file", "f is now a directory", "f is now a link to there",
        "f is now a FIFO", "f is now a socket",    "f is now a device",
        "f cannot be read"};
    struct audit_entry none = {0};

    for (unsigned i = 0; i < AUDIT_KINDS; i++) {
        struct audit_entry was = entry("f", (enum audit_kind)i, "");

        is_str(of_two(was, was), "", "an equal entry is not a finding");
        is_str(of_two(was, none), "f removed", "a missing entry was removed");
        is_str(of_two(none, was), i == AUDIT_FILE ? "f added" : words[i],
               "a new entry is reported by its kind");
        for (unsigned k = 0; k < AUDIT_KINDS; k++) {
            if (i != k) {
                is_str(of_two(was, entry("f", (enum audit_kind)k, "")), words[k],
                       "another kind is reported");
            }
        }
    }
}

static void changes_of_a_file_are_reported(void)
{
    struct audit_entry a = entry("f", AUDIT_FILE, "aa");
    struct audit_entry b = entry("f", AUDIT_FILE, "bb");
    struct audit_entry c = entry("f", AUDIT_FILE, "aa");

    is_str(of_two(a, b), "f changed", "another digest is a change");
    c.stamp = "2";
    is_str(of_two(a, c), "", "another time or inode alone is not a change");
    c.digest[0] = '\0';
    is_str(of_two(a, c), "f changed",
           "another time or inode is a change if a file was not hashed");
    c = a;
    c.size = 1;
    is_str(of_two(a, c), "f changed", "another size is a change");
    a.size = AUDIT_HASH_MAX + 1;
    c = a;
    c.stamp = "2";
    is_str(of_two(a, c), "f changed",
           "another time is a change if the file is larger than the hashed part");
    c = a;
    c.mode = 0645;
    is_str(of_two(a, c), "f has mode 645 now, was 644",
           "other permissions to execute are reported");
    c.mode = 0646;
    is_str(of_two(a, c), "f has mode 646 now, was 644",
           "permission for everybody to write is reported");
    c.mode = 0600;
    is_str(of_two(a, c), "", "permissions that depend on the umask are not reported");
    c.mode = 02644;
    is_str(of_two(a, c), "f is setgid now", "a setgid bit is reported");
    c.mode = 06755;
    is_str(of_two(a, c), "f has mode 6755 now, was 644; f is setuid now",
           "a setuid bit and other permissions are two findings");
    is_str(of_two(c, a), "f has mode 644 now, was 6755",
           "removed permissions are reported, and removed set-id bits are not");
}

static void findings_are_sorted(void)
{
    struct audit_entry entries[] = {entry("a", AUDIT_FILE, ""), entry("b", AUDIT_FILE, ""),
                                    entry("c", AUDIT_FILE, "")};
    struct audit none = {0};
    struct audit s = {.entries = entries, .count = 3, .overflow = "d"};

    entries[0].rule = AUDIT_SPECIALS + 1;
    audit_diff(&none, &s, &arena, &report);
    is_str(
        lines(),
        "d contains more than the audit examines: check it yourself; b added; c added; a added",
        "an exceeded limit comes first, then the order of the table");
    audit_diff(&s, &none, &arena, &report);
    is_int(report.findings[0].what, AUDIT_OVERFLOW,
           "a limit that was exceeded before is a finding as well");
    audit_diff(&none, &none, &arena, &report);
    is_int((long long)report.count, 0, "two empty snapshots have no difference");
}

/* '.' and '-' sort before '/', so the entries below a directory do not directly follow the
 * entry of the directory. */
static void files_below_a_link_are_not_reported(void)
{
    struct audit_entry was[] = {entry("d-x", AUDIT_FILE, ""), entry("d.x", AUDIT_FILE, ""),
                                entry("d/x", AUDIT_FILE, ""), entry("dx/x", AUDIT_FILE, "")};
    struct audit_entry is[] = {entry("d", AUDIT_LINK, ""), entry("d-x", AUDIT_FILE, "")};
    struct audit one = {.entries = was, .count = 4};
    struct audit two = {.entries = is, .count = 2};

    audit_diff(&one, &two, &arena, &report);
    is_str(lines(), "d is now a link to there; d.x removed; dx/x removed",
           "files below a directory that became a link are not reported");
}

static void harmless_content_counts_as_missing(void)
{
    struct audit_entry none = {0};
    struct audit_entry good = entry("f", AUDIT_FILE, "");
    struct audit_entry bad = entry("f", AUDIT_FILE, "aa");

    good.harmless = true;
    is_str(of_two(none, good), "", "a new file that executes nothing is not a finding");
    is_str(of_two(good, none), "", "nor is its removal");
    is_str(of_two(good, bad), "f changed", "it is a finding if it executes something then");
    is_str(of_two(bad, good), "f changed", "and if it did so before");
    good.mode = 06755;
    is_str(of_two(none, good), "f is setuid now", "a harmless file with a setuid bit counts");
}

static void changed_files_with_hard_links_are_grouped(void)
{
    struct audit_linked was[] = {{.state = 1}, {.state = 4}};
    struct audit_linked is[] = {{.state = 1, .where = "a"},
                                {.state = 2, .where = "b"},
                                {.state = 3, .where = "a"},
                                {.state = 5, .where = "b"}};
    struct audit one = {.linked = was, .linked_count = 2};
    struct audit two = {.linked = is, .linked_count = 4};

    audit_diff(&one, &two, &arena, &report);
    is_str(lines(),
           "a: 1 changed file has hard links outside of the project; "
           "b: 2 changed files have hard links outside of the project",
           "one finding for each directory counts the changed files");
}

int main(void)
{
    every_kind_is_reported();
    changes_of_a_file_are_reported();
    findings_are_sorted();
    files_below_a_link_are_not_reported();
    harmless_content_counts_as_missing();
    changed_files_with_hard_links_are_grouped();
    arena_release(&arena);
    return done_testing();
}
