/* SPDX-License-Identifier: MIT */
#include "host/tool_settings.h"

#include "base/path.h"
#include "base/str.h"

#include <sys/stat.h>

/* Files without which a tool works differently: it has other settings, asks another registry,
 * or has no login. */
static const char *const files[] = {".editorconfig editors",
                                    ".npmrc npm",
                                    ".yarnrc.yml yarn",
                                    ".config/pnpm/rc pnpm",
                                    ".bunfig.toml bun",
                                    ".pip/pip.conf pip",
                                    ".config/pip/pip.conf pip",
                                    ".config/uv/uv.toml uv",
                                    ".condarc conda",
                                    ".cargo/config.toml cargo",
                                    ".config/go/env go",
                                    ".m2/settings.xml mvn",
                                    ".gradle/gradle.properties gradle",
                                    ".gradle/init.gradle gradle",
                                    ".bundle/config bundle",
                                    ".gemrc gem",
                                    ".nuget/NuGet/NuGet.Config dotnet",
                                    ".netrc curl",
                                    ".config/gh/hosts.yml gh",
                                    ".config/glab-cli/config.yml glab"};

void tool_settings_probe(struct arena *a, struct facts *f)
{
    for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
        struct str rest = str_c(files[i]);
        struct str name = {0};
        struct stat st;

        (void)str_cut(&rest, ' ', &name);
        if (stat(path_join(a, f->home, arena_str(a, name)), &st) == 0 && S_ISREG(st.st_mode) &&
            st.st_size > 0) {
            strv_add(&f->tool_settings, a, files[i]);
        }
    }
}
