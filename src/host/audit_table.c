/* SPDX-License-Identifier: MIT */
#include "host/audit_table.h"

#include "base/str.h"

#include <assert.h>
#include <string.h>

static const struct audit_rule specials[AUDIT_SPECIALS] = {
    [AUDIT_RULE_UNREADABLE] = {"", "cco", "cannot examine it", "inode(7)", AUDIT_WHOLE},
    [AUDIT_RULE_ROOT] = {"", "cco", "finds another directory at this path", "inode(7)",
                         AUDIT_WHOLE},
    [AUDIT_RULE_HOOKS] = {"", "git", "runs it: core.hooksPath names the directory",
                          "git-config(1)", AUDIT_WHOLE},
    [AUDIT_RULE_INCLUDED] = {"", "git", "obeys it: its configuration includes it",
                             "git-config(1)", AUDIT_GIT_CONFIG},
    [AUDIT_RULE_NAMED] = {"", "git", "runs or obeys it: its configuration names it",
                          "git-config(1)", AUDIT_WHOLE},
    [AUDIT_RULE_PATH] = {"", "your shell", "finds commands there: PATH names the directory",
                         "environ(7)", AUDIT_WHOLE},
    [AUDIT_RULE_SETID] = {"", "programs",
                          "get the rights of its owner or group when they start it", "inode(7)",
                          AUDIT_WHOLE},
    [AUDIT_RULE_LINKED] = {"", "other directories", "contain the same files", "link(2)",
                           AUDIT_WHOLE},
};

/* Directories with so many files that they are compared as a whole. */
static const struct audit_rule bulk[] = {
    {"node_modules", "node and editors", "load and run code from it",
     "nodejs.org/api/modules.html", AUDIT_WHOLE},
    {".venv", "Python and editors", "run code from it", "docs.python.org/3/library/venv.html",
     AUDIT_WHOLE},
    {"venv", "Python and editors", "run code from it", "docs.python.org/3/library/venv.html",
     AUDIT_WHOLE},
    {"__pypackages__", "Python", "loads code from it", "peps.python.org/pep-0582", AUDIT_WHOLE},
    {".terraform", "Terraform's server in editors", "runs its providers",
     "github.com/hashicorp/terraform-ls", AUDIT_WHOLE},
    {"bower_components", "build tools", "load code from it", "bower.io", AUDIT_WHOLE},
    {".tox", "Python and editors", "run code from it", "tox.wiki", AUDIT_WHOLE},
    {".nox", "Python and editors", "run code from it", "nox.thea.codes", AUDIT_WHOLE},
};

static const size_t special_count = AUDIT_SPECIALS;
static const size_t bulk_count = sizeof(bulk) / sizeof(bulk[0]);

struct part {
    const struct audit_rule *rules;
    const size_t *count; /* most counts are known to the linker only */
    enum audit_section section;
};

static const struct part parts[] = {
    {specials, &special_count, AUDIT_SECTION_SPECIAL},
    {audit_rules_home, &audit_rules_home_count, AUDIT_SECTION_HOME},
    {audit_rules_git, &audit_rules_git_count, AUDIT_SECTION_TREE},
    {audit_rules_agents, &audit_rules_agents_count, AUDIT_SECTION_TREE},
    {audit_rules_editors, &audit_rules_editors_count, AUDIT_SECTION_TREE},
    {audit_rules_build, &audit_rules_build_count, AUDIT_SECTION_TREE},
    {bulk, &bulk_count, AUDIT_SECTION_BULK},
};
enum { PARTS = sizeof(parts) / sizeof(parts[0]) };

size_t audit_rule_count(void)
{
    size_t count = 0;

    for (size_t i = 0; i < PARTS; i++) {
        count += *parts[i].count;
    }
    return count;
}

/* Returns the part to which the rule belongs, and makes *number its number in this part. */
static const struct part *find(unsigned *number)
{
    const struct part *p = parts;

    while (*number >= *p->count) {
        *number -= (unsigned)*p->count;
        p++;
        assert(p < parts + PARTS);
    }
    return p;
}

const struct audit_rule *audit_rule(unsigned number)
{
    const struct part *p = find(&number);

    return &p->rules[number];
}

enum audit_section audit_rule_section(unsigned number)
{
    return find(&number)->section;
}

/* Only the first '*' of a component is special, which is enough for this table. The name must
 * begin with the bytes before it and end with the bytes after it. */
bool audit_glob(const char *component, size_t len, const char *name)
{
    size_t name_len = strlen(name);
    struct str pattern = str_n(component, len);
    size_t head = str_index(pattern, '*');
    size_t tail;

    if (head == len) {
        return name_len == len && memcmp(name, component, len) == 0;
    }
    tail = len - head - 1;
    return name_len >= head + tail && memcmp(name, component, head) == 0 &&
           memcmp(name + name_len - tail, component + head + 1, tail) == 0;
}

void audit_table_digest(char out[SHA256_HEX])
{
    struct sha256 h;

    sha256_init(&h);
    for (size_t i = 0; i < PARTS; i++) {
        for (size_t k = 0; k < *parts[i].count; k++) {
            const char *pattern = parts[i].rules[k].pattern;

            sha256_add(&h, pattern, strlen(pattern) + 1);
        }
    }
    sha256_hex(&h, out);
}
