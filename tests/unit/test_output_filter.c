/* SPDX-License-Identifier: MIT */
/* The table of src/manual/terminal.md: what --terminal safe passes and what it drops. */
#include "term/output_filter.h"

#include "tap.h"

#include <stdarg.h>

static struct buf out;

/* Filters `in`, between two words of text, `step` bytes at a time. */
static void filter(struct str in, size_t step)
{
    static struct output_filter f;

    f = (struct output_filter){0};
    buf_reset(&out);
    output_filter(&f, str_c("a"), &out);
    while (in.len > 0) {
        const size_t len = step < in.len ? step : in.len;

        output_filter(&f, str_n(in.p, len), &out);
        in = str_drop(in, len);
    }
    output_filter(&f, str_c("b"), &out);
}

/* Checks that `in` becomes `want`, cut at each byte. */
static void becomes(const char *name, const char *in, const char *want)
{
    struct buf whole;
    bool same = true;

    buf_init(&whole, 1 << 16);
    (void)buf_addf(&whole, "a%sb", want);
    for (size_t step = strlen(in); step > 0; step--) {
        filter(str_c(in), step);
        same = same && str_cmp(buf_str(&out), buf_str(&whole)) == 0;
    }
    if (!ok(same, "%s", name)) {
        (void)printf("# the last result: %.*s\n", (int)out.len, (const char *)buf_data(&out));
    }
    buf_release(&whole);
}

static void harmless_sequences_pass_unchanged(void)
{
    static const struct {
        const char *name, *in;
    } samples[] = {
        {"text and line breaks", "hello \303\274 \342\202\254\r\n\t\b\a"},
        {"a letter with the byte of a C1 control", "\303\233\303\235\303\220"},
        {"colours", "\033[1;38;2;1;2;3;4:3m\033[0m\033[m"},
        {"the cursor", "\033[H\033[3;4H\033[2A\033[K\033[2J\033[5G\033[s\033[u\0337\0338"},
        {"scroll regions", "\033[2;5r\033[S\033[T\033[L\033[M\033D\033M\033E"},
        {"character sets", "\033(0\016\017\033)B\033%G"},
        {"modes of a full-screen program",
         "\033[?1049h\033[?25l\033[?1000;1006h\033[?2004h\033[?1004h\033[?2026h\033[4h"},
        {"kitty's keyboard", "\033[>1u\033[=5;1u\033[<u\033[?u"},
        {"modifyOtherKeys", "\033[>4;2m"},
        {"the cursor's shape", "\033[5 q"},
        {"fixed queries",
         "\033[c\033[>c\033[=c\033[5n\033[6n\033[?996n\033[>q\033[?2026$p\033[18t"},
        {"soft reset and reset", "\033[!p\033c"},
        {"double width", "\033#6"},
        {"titles", "\033]0;a title\033\\\033]2;\303\274\033\\\033[22;0t\033[23;0t"},
        {"colours of the terminal",
         "\033]10;?\033\\\033]11;#123456\033\\\033]4;1;?\033\\\033]111\033\\"},
        {"links to web pages", "\033]8;id=1;https://example.com/x?y\033\\text\033]8;;\033\\"},
        {"progress", "\033]9;4;1;50\033\\"},
        {"notifications", "\033]9;done\033\\\033]777;notify;a;b\033\\\033]99;i=1:d=0:p=title;"
                          "hello\033\\\033]99;i=1:d=1:a=focus;\033\\"},
    };

    for (size_t i = 0; i < sizeof(samples) / sizeof(samples[0]); i++) {
        becomes(samples[i].name, samples[i].in, samples[i].in);
    }
}

static void dangerous_sequences_are_dropped(void)
{
    static const struct {
        const char *name, *in;
    } samples[] = {
        {"ENQ", "\005"},
        {"writing the clipboard", "\033]52;c;aGk=\a"},
        {"reading the clipboard", "\033]52;c;?\033\\"},
        {"kitty's clipboard", "\033]5522;type=read;.\033\\"},
        {"iTerm2's files", "\033]1337;File=name=YQ==:aGk=\a"},
        {"iTerm2's variables", "\033]1337;SetUserVar=x=eQ==\a"},
        {"iTerm2's clipboard", "\033]1337;CopyToClipboard=\a"},
        {"kitty's file transfer", "\033]5113;ac=send\033\\"},
        {"kitty's colours", "\033]21;foreground=?\033\\"},
        {"the directory", "\033]7;file:///tmp\033\\"},
        {"fonts", "\033]50;?\033\\"},
        {"shell integration", "\033]133;A\033\\\033]633;E;rm\033\\"},
        {"ConEmu's programs", "\033]9;7;calc\033\\\033]9;2;text\033\\"},
        {"kitty's notifications with reports", "\033]99;i=x:a=focus,report;t\033\\"},
        {"kitty's queries of notifications", "\033]99;i=x:p=?;\033\\"},
        {"links to files", "\033]8;;file:///etc/passwd\033\\"},
        {"links with other schemes", "\033]8;;javascript:x\033\\"},
        {"another OSC", "\033]999;x\033\\"},
        {"an OSC without a number", "\033]L;x\033\\\033];x\033\\\033]\033\\"},
        {"the palette of the Linux console", "\033]P0000000\033\\"},
        {"a title with a control character", "\033]2;a\nb\033\\"},
        {"images of kitty, from a file", "\033_Gt=f,a=T;L2V0Yw==\033\\"},
        {"images of kitty, from memory", "\033_Gt=s,a=T;eA==\033\\"},
        {"sixel", "\033Pq#0;2;0;0;0~\033\\"},
        {"kitty's remote control", "\033P@kitty-cmd{\"cmd\":\"ls\"}\033\\"},
        {"tmux's passthrough", "\033Ptmux;\033\033]52;c;aGk=\007\033\\"},
        {"DECRQSS", "\033P$qm\033\\"},
        {"XTGETTCAP", "\033P+q544e\033\\"},
        {"user-defined keys", "\033P0;1|17/0a\033\\"},
        {"the report of the title", "\033[21t"},
        {"the report of the icon's title", "\033[20t"},
        {"moving and resizing the window", "\033[3;0;0t\033[8;10;10t\033[2t\033[t"},
        {"reading the screen", "\033[1;1;1;1;1;1*y"},
        {"the terminal's state", "\033[1$w\033[$u\033[x"},
        {"printing", "\033[i\033[5i\033[?5i\033[?1i"},
        {"the title of screen", "\033kx\033\\"},
        {"PM and SOS", "\033^x\033\\\033Xx\033\\"},
        {"VT52 mode", "\033[?2l\033<"},
        {"Tektronix mode", "\033[?38h"},
        {"132 columns, also with another mode", "\033[?3h\033[?7;3h"},
        {"another coding", "\033%@\033%/G"},
        {"answers of 8 bits", "\033 G"},
        {"highlight tracking", "\033[1;1;1;1;1T"},
        {"locking the keyboard", "\033[2h"},
        {"guarded areas", "\033V\033W"},
        {"palette commands of the console", "\033[8]\033[9;1]"},
        {"8-bit forms", "\23552;c;aGk=\234\220q\234\2335i"},
        {"8-bit forms in UTF-8", "\302\23552;c;aGk=\302\234\302\233"
                                 "21t"},
        {"overlong forms", "\340\202\201"}, /* its first byte is not dropped: see below */
        {"a CSI with a wrong form", "\033[1?21t\033[<1;2$z"},
        {"a private form that is not known", "\033[>1t\033[>1T\033[?1s\033[?1r\033[?5W"},
    };

    for (size_t i = 0; i < sizeof(samples) / sizeof(samples[0]); i++) {
        if (strcmp(samples[i].name, "overlong forms") == 0) {
            becomes(samples[i].name, samples[i].in, "\340");
            filter(str_c("\340\202\23552;c;aGk=\a"), 1);
            is_mem(buf_data(&out), out.len, "a\340b", 3, "an overlong OSC is dropped");
        } else if (strstr(samples[i].in, "?5W") != NULL) {
            becomes("DECST8C passes, other private forms do not", samples[i].in, "\033[?5W");
        } else {
            becomes(samples[i].name, samples[i].in, "");
        }
    }
}

/* Returns true if the text of `format` passes unchanged. */
__attribute__((format(printf, 1, 2))) static bool passes(const char *format, ...)
{
    char in[64];
    va_list args;
    int len;

    va_start(args, format);
    len = vsnprintf(in, sizeof(in), format, args);
    va_end(args);
    filter(str_n(in, (size_t)len), (size_t)len);
    return out.len == (size_t)len + 2 && memcmp(buf_data(&out) + 1, in, (size_t)len) == 0;
}

/* Checks which numbers from 0 to 9999 pass between `before` and `after`. `want` has a blank
 * behind each. */
static void numbers_pass(const char *name, const char *before, const char *after,
                         const char *want)
{
    struct buf got;

    buf_init(&got, 1 << 16);
    for (int n = 0; n < 10000; n++) {
        (void)(passes("%s%d%s", before, n, after) ? buf_addf(&got, "%d ", n) : 0);
    }
    is_mem(buf_data(&got), got.len, want, strlen(want), name);
    buf_release(&got);
}

/* Tries all sequences of a kind, so that none passes that is not listed here. */
static void nothing_else_passes(void)
{
    static const char leaders[] = {0, '<', '=', '>', '?'};
    struct buf got;

    buf_init(&got, 1 << 16);
    for (size_t i = 0; i < sizeof(leaders); i++) {
        for (int between = 0x1f; between < 0x30; between++) {
            const char middle[] = {between > 0x1f ? (char)between : '\0', '\0'};
            const char leader[] = {leaders[i], '\0'};
            char finals[0x40] = {0};
            size_t count = 0;

            for (int c = 0x40; c < 0x7f; c++) {
                if (passes("\033[%s4%s%c", leader, middle, c)) {
                    finals[count++] = (char)c;
                }
            }
            (void)(count > 0 ? buf_addf(&got, "%s4%s:%s\n", leader, middle, finals) : 0);
        }
    }
    is_str(buf_c(&got),
           "4:@ABCDEFGHIJKLMPSTXZ`abcdefghlmnrsu\n4 :q\n4!:p\n4\":q\n4$:p\n"
           "<4:u\n=4:cu\n>4:cmqu\n?4:JKWhlmnu\n?4$:p\n",
           "CSI sequences");
    buf_reset(&got);
    for (int between = 0x1f; between < 0x30; between++) {
        const char first[] = {between > 0x1f ? (char)between : '\0', '\0'};
        char finals[0x50] = {0};
        size_t count = 0;

        for (int c = 0x30; c < 0x7f; c++) {
            if ((between > 0x1f || c != '[') && passes("\033%s%c", first, c)) {
                finals[count++] = (char)c;
            }
        }
        (void)(count > 0 ? buf_addf(&got, "%s:%s\n", first, count == 0x4f ? "all" : finals)
                         : 0);
    }
    is_str(buf_c(&got),
           ":78=>DEHMNOZcno|}~\n :F\n#:34568\n%:G\n(:all\n):all\n*:all\n+:all\n-:all\n.:all\n"
           "/:all\n",
           "escape sequences");
    buf_release(&got);
    numbers_pass("modes", "\033[", "h", "4 20 ");
    numbers_pass("modes of DEC", "\033[?", "h",
                 "1 4 5 6 7 8 9 12 25 45 47 66 67 69 1000 1002 1003 1004 1005 1006 1007 1015 "
                 "1016 1035 1036 1039 1047 1048 1049 2004 2026 2027 2031 2048 9001 ");
    numbers_pass("commands of windows", "\033[", "t", "14 16 18 19 22 23 ");
    numbers_pass("OSC", "\033]", ";x\033\\",
                 "0 1 2 4 8 9 10 11 12 17 19 104 110 111 112 117 119 ");
    numbers_pass("OSC 9", "\033]9;", ";x\033\\", "4 ");
}

static void sequences_are_written_in_one_form(void)
{
    static struct output_filter f;

    becomes("an 8-bit CSI becomes 7-bit", "\2331m", "\033[1m");
    becomes("BEL becomes ST", "\033]2;t\a", "\033]2;t\033\\");
    becomes("controls in a sequence come in front of it", "\033[1\n;2H", "\n\033[1;2H");
    becomes("CAN ends a dropped string", "\033_x\030y", "y");
    becomes("a sequence ends a dropped string", "\033_x\033[1my", "\033[1my");
    f = (struct output_filter){0};
    buf_reset(&out);
    output_filter(&f, str_c("x\033[1;2"), &out);
    is_mem(buf_data(&out), out.len, "x", 1, "the beginning of a sequence waits for its end");
    output_filter(&f, str_c("H"), &out);
    is_mem(buf_data(&out), out.len, "x\033[1;2H", 7, "the whole sequence passes at once");
}

static void room_is_as_promised(void)
{
    static struct output_filter f;
    static char in[OUTPUT_FILTER_CONTENT + 2];
    size_t before;

    f = (struct output_filter){0};
    buf_reset(&out);
    memset(in, 'x', sizeof(in));
    memcpy(in, "\033]2;", 4);
    output_filter(&f, str_n(in, sizeof(in)), &out);
    before = out.len;
    output_filter(&f, str_c("\a\205\205\205"), &out);
    ok(before == 0 && out.len > OUTPUT_FILTER_CONTENT && out.len <= 2 * 4 + OUTPUT_FILTER_MORE,
       "no more bytes are added than the caller has room for");
}

int main(void)
{
    buf_init(&out, 1 << 16);
    harmless_sequences_pass_unchanged();
    dangerous_sequences_are_dropped();
    nothing_else_passes();
    sequences_are_written_in_one_form();
    room_is_as_promised();
    buf_release(&out);
    return done_testing();
}
