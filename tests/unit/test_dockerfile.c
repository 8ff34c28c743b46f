/* SPDX-License-Identifier: MIT */
#include "wire/dockerfile.h"

#include "engine/image_files.h"
#include "tap.h"

#include <stdlib.h>

static const char plain[] = "# a comment\n"
                            "ARG BASE=x\n"
                            "FROM ${BASE}\n"
                            "\n"
                            "COPY ca/ /ca/\n"
                            "ENV A=b \\\n"
                            "    C=d\n"
                            "RUN one \\\n"
                            "    # in between\n"
                            "\n"
                            "    two\n"
                            "ARG P=\n"
                            "run three\n"
                            "WORKDIR /w\n"
                            "RUN four\n";
static const char stages[] = "FROM a AS build\n"
                             "RUN make\n"
                             "FROM scratch as empty\n"
                             "COPY x /\n"
                             "COPY y /\n"
                             "FROM build\n"
                             "RUN test\n"
                             "FROM b\n"
                             "COPY --from=build /x /\n"
                             "RUN last\n";
static const char heredoc[] = "FROM a\n"
                              "RUN <<EOF sh && echo $((1<<2))\n"
                              "RUN not an instruction\n"
                              "EOF\n"
                              "COPY <<-'ONE' <<TWO /x/\n"
                              "RUN neither\n"
                              "ONE\n"
                              "RUN nor this\n"
                              "TWO\n"
                              "RUN end\n";
static const char backtick[] = "# escape=`\n"
                               "FROM a\n"
                               "RUN dir c:\\\n"
                               "RUN one `\n"
                               "  two\n"
                               "RUN three\n";

/* Checks that the text at the offset of the step begins with `want`; NULL: the offset is 0. */
static void cut(const char *text, const char *step, const char *want)
{
    size_t n = dockerfile_before(str_c(text), str_c(step));

    if (want == NULL) {
        ok(n == 0, "step '%s' has no instruction", step);
    } else {
        ok(n > 0 && strncmp(text + n, want, strlen(want)) == 0, "step '%s' begins at '%s'",
           step, want);
    }
}

static void steps_of_all_builders_are_found(void)
{
    cut(plain, "Step 3/9 : COPY ca/ /ca/", "COPY ca/");
    cut(plain, "Step 5/9 : RUN one     two", "RUN one");
    cut(plain, "STEP 7/9: RUN three", "run three");
    cut(plain, "Step 9/9 : RUN four", "RUN four");
    cut(plain, "Step 1/9 : ARG BASE=x", NULL);
    cut(plain, "Step 2/9 : FROM x", NULL);
    cut(plain, "Step 10/10 : RUN five", NULL);
    cut(plain, "[2/6] COPY ca/ /ca/", "COPY ca/");
    cut(plain, "[ 3/6] RUN one two", "RUN one");
    cut(plain, "[4/6] RUN three", "run three");
    cut(plain, "[linux/amd64 5/6] WORKDIR /w", "WORKDIR");
    cut(plain, "[6/6] RUN four", "RUN four");
    cut(plain, "[1/6] FROM docker.io/library/x", NULL);
    cut(plain, "[3/7] RUN one two", NULL);
    cut(plain, "[3/6] COPY one two", NULL);
    cut(plain, "[internal] load build definition from Dockerfile", NULL);
    cut(plain, "exporting to image", NULL);
    cut(plain, "[7/6] RUN", NULL);
    cut(plain, "[0/6] RUN", NULL);
    cut(plain, "[x/6] RUN", NULL);
    cut(plain, "[3/6", NULL);
    cut(plain, "", NULL);
    cut("RUN x\nFROM a\n", "Step 1/2 : RUN x", NULL);
}

static void steps_in_several_stages_are_found(void)
{
    cut(stages, "[build 2/2] RUN make", "RUN make");
    cut(stages, "[empty 2/2] COPY y /", "COPY y");
    cut(stages, "[stage-2 1/1] RUN test", "RUN test");
    cut(stages, "[linux/amd64 stage-3 3/3] RUN last", "RUN last");
    cut(stages, "[other 2/2] RUN make", NULL);
    cut(stages, "Step 7/10 : RUN test", "RUN test");
}

static void steps_after_heredocs_are_found(void)
{
    cut(heredoc, "[2/4] RUN <<EOF sh", "RUN <<EOF");
    cut(heredoc, "[3/4] COPY <<-'ONE'", "COPY <<-");
    cut(heredoc, "[4/4] RUN end", "RUN end");
    cut("FROM a\nRUN cat <<EOF\nRUN two\n", "Step 3/3 : RUN two", "RUN two");
    cut(backtick, "[2/4] RUN dir", "RUN dir");
    cut(backtick, "[3/4] RUN one", "RUN one");
    cut(backtick, "[4/4] RUN three", "RUN three");
}

/* Flips every bit of the samples. */
static void damaged_files_do_no_harm(void)
{
    static const char *const all[] = {plain, stages, heredoc, backtick};
    static const char *const names[] = {"Step 3/9 : X", "[2/4] RUN", "[build 2/2] RUN",
                                        "[stage-2 1/1] RUN"};
    unsigned wrong = 0;

    for (size_t f = 0; f < 4; f++) {
        size_t len = strlen(all[f]);
        char *copy = malloc(len);

        for (size_t i = 0; copy != NULL && i < len * 8; i++) {
            memcpy(copy, all[f], len);
            copy[i / 8] = (char)(copy[i / 8] ^ (1 << i % 8));
            for (size_t k = 0; k < 4; k++) {
                size_t n = dockerfile_before(str_n(copy, len - i % 16), str_c(names[k]));

                wrong += n > len || (n > 0 && copy[n - 1] != '\n') ? 1U : 0U;
                (void)dockerfile_has_arg(str_n(copy, len), "P");
            }
        }
        free(copy);
    }
    is_int(wrong, 0,
           "for damaged files, the offset is inside the text and at the start of a line");
}

int main(void)
{
    steps_of_all_builders_are_found();
    steps_in_several_stages_are_found();
    steps_after_heredocs_are_found();
    damaged_files_do_no_harm();
    ok(dockerfile_has_arg(str_c(plain), "P") && dockerfile_has_arg(str_c(plain), "BASE"),
       "declared arguments are found");
    ok(!dockerfile_has_arg(str_c(plain), "A") && !dockerfile_has_arg(str_c(plain), "BAS"),
       "other names are not found");
    for (size_t i = 0; i < image_files_count; i++) {
        if (strcmp(image_files[i].name, "Dockerfile") == 0) {
            const char *own = (const char *)image_files[i].data;

            cut(own, "[15/16] RUN install-claude", "RUN install-claude");
            cut(own, "[16/16] COPY cco /cco-init", "COPY cco");
            ok(dockerfile_has_arg(str_c(own), "PACKAGES"),
               "cco's own Dockerfile declares PACKAGES");
        }
    }
    return done_testing();
}
