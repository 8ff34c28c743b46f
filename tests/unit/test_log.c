/* SPDX-License-Identifier: MIT */
#include "base/log.h"

#include "heard.h"
#include "tap.h"

static const char *said(enum log_level level, bool raw)
{
    hear();
    log_set_level(level);
    log_set_raw(raw);
    log_error("e %d", 1);
    log_warn("w\nsecond");
    log_info("i");
    log_dim("d");
    log_verbose("v");
    log_set_raw(false);
    return heard();
}

int main(void)
{
    const char *text;

    tmpdir_make();
    is_str(said(LOG_QUIET, false), "cco: e 1\n", "at LOG_QUIET only errors are printed");
    is_str(said(LOG_NORMAL, false), "cco: e 1\ncco: w\n     second\ncco: i\ncco: d\n",
           "at LOG_NORMAL warnings and information are printed, further lines indented");
    is_str(said(LOG_VERBOSE, true),
           "cco: e 1\r\ncco: w\r\n     second\r\ncco: i\r\ncco: d\r\ncco: v\r\n",
           "at LOG_VERBOSE everything is printed; on a raw terminal with CR LF");
    hear();
    log_error("a\x1b[31mb\x07 \xc3\xa9 \xff");
    text = heard();
    ok(strpbrk(text, "\x1b\x07") == NULL, "control bytes are escaped");
    ok(strstr(text, "\xc3\xa9") != NULL, "valid UTF-8 is not escaped");
    hear();
    log_error("\xe2\x80\x8e \xe2\x80\xa8 \xe2\x80\xae \xe2\x81\xa9 \xd8\x9c \xe2\x80\xa6 "
              "\xe2\x80\x94 \xe2\x81\xaa");
    is_str(heard(),
           "cco: \\xe2\\x80\\x8e \\xe2\\x80\\xa8 \\xe2\\x80\\xae \\xe2\\x81\\xa9 \\xd8\\x9c "
           "\xe2\x80\xa6 \xe2\x80\x94 \xe2\x81\xaa\n",
           "characters that change the direction of the line are escaped, and no others");
    char lines[4001];

    memset(lines, '\n', sizeof(lines) - 1);
    lines[4000] = '\0';
    hear();
    log_error("%send", lines);
    ok(strstr(heard(), "end\n") != NULL, "a message with many lines is complete");
    log_set_style((struct log_style){.colour = true, .utf8 = true});
    is_str(said(LOG_NORMAL, false),
           "\x1b[31mcco:\x1b[m e 1\n\x1b[33mcco:\x1b[m w\n     second\ncco: i\n\x1b[2mcco: "
           "d\x1b[m\n",
           "with colours, errors are red and warnings yellow");
    ok(log_style().utf8, "log_style() returns the style");
    log_set_lead(str_c("\r\n"), false);
    is_str(said(LOG_NORMAL, false),
           "\r\n\x1b[31mcco:\x1b[m e 1\n\x1b[33mcco:\x1b[m w\n     second\ncco: i\n\x1b[2mcco: "
           "d\x1b[m\n",
           "the lead comes once, in front of the next message");
    log_set_lead(str_c(""), true);
    is_str(said(LOG_NORMAL, false),
           "\x1b[31mcco:\x1b[m e 1\x1b[K\n\x1b[33mcco:\x1b[m w\x1b[K\n     second\x1b[K\n"
           "cco: i\x1b[K\n\x1b[2mcco: d\x1b[m\x1b[K\n",
           "each line erases the rest of its row, if that is asked for");
    log_set_lead(str_c(""), false);
    hear();
    log_question("remove %s? [y/N]", "a\x1b[2J");
    is_str(heard(), "cco: remove a\\x1b[2J? [y/N] ",
           "a question ends without a newline, and its text is escaped");
    tmpdir_remove();
    return done_testing();
}
