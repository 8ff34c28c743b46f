/* SPDX-License-Identifier: MIT */
/* The facts: what is true of this machine, this project and this engine at this moment. They
 * are the other input of the plan. host and engine fill them in, and the plan reads nothing
 * else. Plain data in one arena. All paths are absolute; "physical" means without symbolic
 * links (realpath(3)). The facts contain no secret: variables are known by name, and login
 * files by path. */
#ifndef PLAN_FACTS_H
#define PLAN_FACTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/list.h"
#include "plan/fact_files.h"
#include "plan/missing.h"
#include "trust/trust_items.h"
#include "trust/trust_project.h"

/* How a sandbox is made. */
enum sandbox_kind {
    SANDBOX_LOCAL_CONTAINER,  /* by an engine that sees this machine's files */
    SANDBOX_REMOTE_CONTAINER, /* by an engine that does not: cco sends and fetches the files */
    SANDBOX_NATIVE,           /* by cco, with namespaces, from this machine's own files */
    SANDBOX_LANDLOCK_ONLY     /* by cco, without namespaces */
};

struct ledger;

/* One entry of claude's state directory on the host. The names come from claude_state[]
 * (plan/claude_state.h), in its order. */
struct fact_state {
    enum fact_type type;
    const char *physical; /* NULL if it is missing */
};

/* The object to which an entry of opts->paths leads. */
struct fact_option_path {
    /* the path, made absolute and clean without looking at the disk; "~/" at its beginning is
     * replaced by the home */
    const char *target;
    const char *physical; /* NULL if it is missing */
    enum fact_type type;
    /* The first link on the way that lies in a tree which an agent could write and leads out of
     * that tree, so that an agent may have made it. NULL: there is none. */
    const char *link;
    const char *id; /* of the object (base/file_id.h); NULL if it is missing */
    /* of a missing path: its physical directory; NULL: that is missing too */
    const char *parent;
    /* The first of the files that the host's claude obeys or cco keeps to which the way leads
     * through this path (host/look.h). Only looked for if the sandbox can write to the path;
     * NULL: none. */
    const char *leads_to;
};

/* How the user's settings of git sign commits. */
struct fact_signing {
    bool commits;         /* every commit is signed */
    bool ssh;             /* with a key of ssh; otherwise with gpg or a certificate */
    bool certificate;     /* with a certificate of gpgsm */
    const char *key;      /* the text of user.signingKey; NULL: not set */
    bool agent_lacks_key; /* the ssh agent has answered, and does not have the key */
};

/* A directory outside of the project that git needs there. */
struct git_outside_dir {
    const char *path; /* physical */
    const char *id;   /* its identity (base/file_id.h) */
    bool writable;    /* git writes there */
};

struct git_outside {
    struct git_outside_dir *v;
    size_t count, cap;
};

/* A path that must not be used, because an agent could decide what it leads to. */
struct fact_untrusted {
    /* Spelled as in the member of the facts, and an entry of claude's state as claude_dir/NAME.
     */
    const char *path;
    /* A sentence for the user about "it", in lower case and without a full stop. */
    const char *why;
    bool can_pin; /* the user can accept it: `cco trust PATH` */
};

/* An object that may be used only with the content that the user has accepted (trust/pins.h).
 */
struct fact_pin {
    const char *physical;
    const char *sha256; /* of the content; 64 hex digits */
};

/* The sources in which claude finds its login, in the order in which it searches. */
enum login_source {
    LOGIN_NONE,
    LOGIN_CLOUD,       /* the variables of Bedrock, Vertex or Foundry */
    LOGIN_AUTH_TOKEN,  /* ANTHROPIC_AUTH_TOKEN */
    LOGIN_API_KEY,     /* ANTHROPIC_API_KEY */
    LOGIN_HELPER,      /* apiKeyHelper in the user's or the machine's settings */
    LOGIN_OAUTH_TOKEN, /* CLAUDE_CODE_OAUTH_TOKEN */
    LOGIN_KEYCHAIN,    /* claude's own item of the macOS Keychain */
    LOGIN_FILE,        /* claude's own .credentials.json */
    LOGIN_PRIMARY_KEY  /* primaryApiKey in claude's own .claude.json */
};

/* The cloud provider whose virtual machine this is, as its firmware says. */
enum cloud_machine { MACHINE_OTHER, MACHINE_AWS, MACHINE_GOOGLE };

struct fact_login {
    enum login_source source;
    /* For LOGIN_FILE: the file. For LOGIN_NONE: the file that claude would use, or NULL.
     * Otherwise NULL. */
    const char *path;
    const char *detail;    /* for messages: a variable, a path, or "the Keychain item ..." */
    bool broken;           /* the login exists but does not work, for the reason `why` */
    const char *why;       /* NULL if it is not broken */
    int64_t expires_at_ms; /* wall clock; 0: unknown or never */
    /* If it is broken: the sentence that says what the user can do; NULL: run claude. */
    const char *next;
    bool can_refresh;     /* it contains a refresh token */
    const char *helper;   /* of LOGIN_HELPER: the command */
    const char *variable; /* its name, if the login is a variable; otherwise NULL */
    /* The file of settings that contains the command of LOGIN_HELPER or the variable; NULL: the
     * variable is in the environment, or the login is neither. */
    const char *settings;
    /* The store (creds/store.h) of LOGIN_KEYCHAIN and LOGIN_FILE; for LOGIN_NONE the store that
     * claude would use. `program` is NULL if the store is a file. */
    const char *dir; /* claude's directory that belongs to the store */
    const char *program, *service, *account;
    char *const *env; /* for `program`: HOME, PATH, USER */
};

/* A variable of the project's .env. */
struct fact_dotenv {
    const char *key;
    bool needs_trust; /* trust/trust_env.h */
    bool local;       /* the value is an address on localhost (wire/loopback.h) */
};

/* The engine and its abilities on this machine. The verb `probe` of its row fills it in
 * (engine/engine.h); Docker's row uses /_ping, /version and /info. */
struct fact_engine {
    const char *address; /* unix:///var/run/docker.sock */
    const char *name;    /* "Docker 20.10.24", for messages */
    unsigned api_minor;  /* of the API version that cco uses: 1.N */
    /* The sandboxes that this engine makes. It is never SANDBOX_LANDLOCK_ONLY: plan_build()
     * makes that of SANDBOX_NATIVE if native.no_namespaces is set. */
    enum sandbox_kind kind;
    bool podman;
    bool rootless;
    bool userns_remap;
    bool desktop;             /* in a virtual machine: Docker Desktop, OrbStack, Colima */
    bool host_network_real;   /* --network host reaches this machine's localhost */
    bool buildkit;            /* POST /build?version=2 works */
    bool no_seccomp;          /* the engine has no default seccomp profile */
    bool pids_limit;          /* the engine can limit the number of processes */
    bool live_restore;        /* containers go on running while the engine restarts */
    bool no_memory_limit;     /* the engine cannot limit memory: rootless without cgroup v2 */
    bool no_cpu_limit;        /* the engine cannot limit processor time */
    const char *no_limit_why; /* the reason why it cannot limit something; NULL: unknown */
    const char *socket;       /* for --docker: a path of the engine's machine; NULL: unknown */
    uint64_t socket_gid;      /* the group that may use the socket */
    const char *arch;         /* as images name it: "amd64", "arm64"; NULL: unknown */
    /* for messages: "the engine is reached over ssh"; NULL: not remote */
    const char *remote_why;
    /* The paths of this machine that a remote engine has too. A path of one map can be below
     * that of another. */
    const struct fact_path_map *path_maps;
    size_t path_map_count;
    /* If cco runs in a container of the engine: the network mode that joins its network, and
     * the mode of the user namespace that gives ids the same meaning as in it ("": the engine's
     * default). Otherwise NULL. */
    const char *own_network, *own_userns;
};

/* A directory or file of this machine that a remote engine's machine has as well. */
struct fact_path_map {
    const char *local_path;
    /* The path on the engine's machine. NULL: the path is an exception in a directory of
     * another map, because the engine's machine does not have it. */
    const char *remote_path;
    bool is_dir;
    bool read_only; /* the sandbox must not write to it by this path */
};

/* The image in which the session will run. Texts are NULL if the image does not have them. */
struct fact_image {
    bool present;               /* the engine has it */
    const char *id;             /* the engine's id */
    const char *digest;         /* label cco.digest: hash of all inputs of cco's own image */
    const char *inputs;         /* label cco.inputs: hash of the inputs without certificates */
    const char *packages;       /* label cco.packages: names, separated by blanks */
    const char *init_digest;    /* label cco.init: SHA-256 of the cco inside */
    const char *path_env;       /* PATH of its configuration */
    const char *arch, *os;      /* "amd64", "linux" */
    const char *claude_version; /* engine_claude_version() */
    bool has_tags;              /* it has at least one tag, of any name */
    int64_t created;            /* seconds since 1970; 0: unknown */
    uint64_t size;              /* bytes; 0: unknown */
};

/* An entry of the root directory of this machine that a native sandbox shows: a directory with
 * programs, or a link. */
struct fact_top {
    const char *name;
    const char *link; /* the target of a link; NULL: it is a directory */
    /* An id-mapped mount gives its files to nobody, so that the sandbox cannot read files that
     * only root may read. */
    bool idmapped;
};

/* A program that claude needs. */
struct fact_program {
    const char *path; /* physical: a file, or a directory with all its content */
    bool is_dir;
    bool shared; /* `path` is in one of fact_native.tops, and only the link must be shown */
    /* The link outside of fact_native.tops by which the program was found, and the file to
     * which it leads. NULL: the program was not found by such a link. */
    const char *link, *target;
};

/* A path that not every user may read. */
struct fact_hidden {
    const char *path;
    bool is_dir;
};

/* A range of user or group ids. */
struct fact_range {
    uint64_t first, count;
};

/* The facts for a native sandbox. */
struct fact_native {
    struct fact_top *tops; /* sorted by name */
    size_t top_count;
    /* The links in /run that lead to the programs of systems with a package store. */
    const struct fact_top *run_links;
    size_t run_link_count;
    bool adds_user;     /* /etc/passwd has no user of this name and home, and can be replaced */
    struct strv needed; /* the physical paths of claude and of its interpreter */
    /* The paths below /etc, /opt and /usr/local that the sandbox must not show, because its
     * user could read them and not every user may (host/probe.h). */
    const struct fact_hidden *hidden;
    size_t hidden_count;
    const char *resolv_conf; /* the target of /etc/resolv.conf if it is not in tops; or NULL */
    const char *claude;      /* the path at which claude was found; NULL: it was not found */
    /* The version of that claude if cco has fetched it itself (host/fetched_claude.h); NULL: it
     * is the user's own. */
    const char *fetched;
    /* If the user's own was not found: a claude in PATH that an agent could have written, and
     * why it is not used, for the user: "PATH is not used: it ...". NULL: none. */
    const char *claude_why;
    /* Claude, the files beside it, and node: what tops do not show at the path at which it was
     * found. */
    const struct fact_program *programs;
    size_t program_count;
    const char *path_env; /* the host's PATH; with the directory of a fetched claude */
    /* Only with --subids: the programs that write the maps (NULL: missing), and the ranges of
     * /etc/subuid and /etc/subgid. */
    const char *newuidmap, *newgidmap;
    const struct fact_range *subuids, *subgids;
    size_t subuid_count, subgid_count;
    /* Why no engine is used although the user did not choose --engine native: the result of the
     * search, and what the user can do. NULL if the user chose it. */
    const char *no_engine;
    const char *no_engine_next;
    /* Why this machine refuses namespaces to the user, as far as that is known before the
     * start; NULL: it allows them. */
    const char *no_namespaces;
    unsigned landlock_abi; /* 0 if the kernel has no Landlock; valid if no_namespaces is set */
};

struct facts {
    /* user and project */
    uint64_t uid, gid;
    const char *user; /* the name */
    /* $HOME, made clean; that of the user database if $HOME is not absolute */
    const char *home;
    const char *home_physical;
    const char *cwd_physical; /* the current directory */
    /* The name by which the user came to the current directory ($PWD), if it leads there
     * through links; otherwise NULL. */
    const char *cwd_named;
    /* If root runs cco: the owner of the project, if root without capabilities cannot write to
     * it; and the user whose home HOME is, if that is another one. For messages; NULL: none. */
    const char *project_owner, *home_owner;
    const char *cwd_id; /* its identity (base/file_id.h) */
    /* The project: the top level of the git work tree that contains the current directory (for
     * a submodule: of its superproject), or the current directory itself. */
    const char *project;
    const char *project_id; /* its identity */
    /* The top level that is not the project, and why: a sentence about "it" or its parts, in
     * lower case and without a full stop. NULL: it is the project, or there is none. The reason
     * is also NULL if the user asked for that (--here). */
    const char *git_top, *git_top_why;
    bool git_top_can_trust; /* the user can accept it: `cco trust PATH` */
    /* The directory by which claude names its memory of the project and the project's member of
     * .claude.json: the top level of the repository that contains the current directory (of a
     * worktree: that of its main work tree), or the current directory. */
    const char *claude_root;
    /* If the current directory is in a git worktree: the repository's common directory, if that
     * refers back to the worktree, and its identity. Otherwise NULL. */
    const char *git_common_id;
    const char *git_common_dir;
    struct strv git_worktrees; /* pairs of paths: the other worktrees (host/git_worktree.h) */
    struct git_outside git_outside; /* only for a project that the user trusts */
    /* directories of claude and of cco */
    const char *claude_dir;       /* ~/.claude or $CLAUDE_CONFIG_DIR; physical if it exists */
    const char *claude_path;      /* the same, with its links unresolved */
    struct fact_path claude_json; /* ~/.claude.json or $CLAUDE_CONFIG_DIR/.claude.json */
    const char *project_key;      /* a file name, different for each project: "app-1a2b3c4d" */
    const char *owner_key;        /* different for each user and machine: 8 hex digits */
    /* The version of claude that the user wants cco to fetch (--claude-version); NULL: any */
    const char *claude_pin;
    const char *data_dir;            /* ${XDG_DATA_HOME:-~/.local/share}/cco */
    const char *config_dir;          /* ${XDG_CONFIG_HOME:-~/.config}/cco */
    const char *state_dir;           /* ${XDG_STATE_HOME:-~/.local/state}/cco */
    const char *runtime_dir;         /* $XDG_RUNTIME_DIR/cco, or /tmp/cco-UID */
    struct fact_state *claude_state; /* claude_state_count entries */
    /* Those directories among the project and the paths of options, as physical paths, in which
     * every user may create files. They have the sticky bit, as /tmp, or are not the top of a
     * git work tree of the user's. */
    struct strv for_all;
    /* The homes of /etc/passwd that are below directories of homes, and /root. */
    struct strv homes;
    /* For each row of places_of_home[] (plan/place_table.h) the directory to which links in the
     * user's home lead; NULL: it does not exist, or no link leads to it. */
    const char **home_places;
    /* The sockets of this machine's file system at which programs listen: physical paths. */
    struct strv live_sockets;
    /* The current directory's conversations (claude_project_name()) below "projects", and the
     * memory of claude_root, if that is another directory. `physical` is set if it is missing
     * as well; NULL: there is none. A link is FACT_OTHER: the name is not followed,
     * because agents could write beside it. */
    struct fact_state claude_project, claude_memory;
    struct fact_claude_link *claude_links; /* different in `at` */
    size_t claude_link_count;
    struct fact_claude_link *claude_imports; /* different in `at` */
    size_t claude_import_count;
    struct fact_ide *ides;
    size_t ide_count;
    const char *ide_port; /* that of CLAUDE_CODE_SSE_PORT, if it is one of ides; or NULL */
    struct fact_setup_use *setup_uses; /* different in command and path */
    size_t setup_use_count;
    /* Files of git and ssh that the user can read. git_files are "config", "ignore" and
     * "attributes" of git's directory below ${XDG_CONFIG_HOME:-~/.config}, in this order. */
    struct fact_path gitconfig, git_files[3], known_hosts, ssh_config;
    struct fact_signing signing;
    struct fact_gpg gpg;
    bool ssh_remote; /* a remote of the project's repository is reached over ssh */
    const char *credential_helper; /* of the user's settings of git; NULL: none */
    struct fact_brought *brought;  /* different in `target` */
    size_t brought_count, brought_cap;
    struct fact_path *ssh_public; /* the public keys ~/.ssh/NAME.pub */
    size_t ssh_public_count;
    /* The entry of $TERM for terminfo(5), and whether it is not in a directory of the
     * system. */
    struct fact_path terminfo;
    bool terminfo_is_own;
    struct fact_path ssh_agent;            /* the socket of a running agent */
    struct fact_path ssh_dir;              /* ~/.ssh */
    struct fact_option_path *option_paths; /* of opts->paths, in their order */
    size_t option_path_count;
    /* Files with certificates, and the variables that name them, such as
     * NODE_EXTRA_CA_CERTS. */
    struct fact_path *ca_files;
    const char *const *ca_names;
    size_t ca_count;
    /* environment */
    /* The names in the host's environment, sorted; only [A-Za-z_][A-Za-z0-9_]*. */
    struct strv env_names;
    /* Pairs: the number of a setting of git in the environment that can contain a password, and
     * its name without a URL: "0", "http.extraheader" (host/git_logins.h) */
    struct strv git_logins;
    /* The names of variables with addresses on localhost (host/local_addresses.h) */
    struct strv local_variables;
    struct strv program_dirs;   /* directories of PATH in the home (host/shell_setup.h) */
    const char *dotenv_dir;     /* the directory whose .env is the project's */
    struct fact_dotenv *dotenv; /* the lines of the project's .env, in their order */
    size_t dotenv_count;
    const char *dotenv_digest; /* SHA-256 of its text; NULL: it was not read */
    /* The effects that the project would have at the start, with the texts for the user; and
     * whether the user trusts the project with that (trust/trust_project.h). */
    struct trust_items trust_items;
    enum trust_state trust;
    /* The trees that an agent could write (trust/ledger.h): those of all earlier sessions, and
     * those of this one. Plans do not use it. */
    struct ledger *trees;
    struct fact_untrusted *untrusted; /* paths of other members */
    size_t untrusted_count, untrusted_cap;
    struct fact_pin *pins; /* objects to which paths of other members lead */
    size_t pin_count, pin_cap;
    /* Why the current directory cannot be the project: the user came there by a link that an
     * agent may have made. A sentence as in fact_untrusted, or NULL. */
    const char *cwd_why;
    /* The first of the files that the host's claude obeys or cco keeps to which the way leads
     * through the project (host/look.h); NULL: none. */
    const char *project_leads_to;
    struct strv warnings; /* for the user, one line each */
    /* Pairs: a link in the project, and its physical target elsewhere (host/project_links.h) */
    struct strv project_links;
    /* Triples: a virtual environment of Python, the directory of the programs that it uses, and
     * the version of Python, as its pyvenv.cfg names them (host/project_tools.h) */
    struct strv venvs;
    struct strv pnpm_stores; /* physical paths that the project's packages name */
    /* Files of the home with settings of tools: ".npmrc npm" (host/tool_settings.h) */
    struct strv tool_settings;
    /* Things that the user has on this machine and that no session of this project gets. */
    struct missing missing;
    const char *tz;      /* "Europe/Berlin"; NULL: unknown */
    unsigned nice;       /* how much nicer than usual the process is: 0 to 19 */
    struct strv ignored; /* the signals that it ignores, as "USR1" */
    unsigned umask;      /* of the process */
    struct strv groups;  /* its supplementary groups without gid: "GID" or "GID:NAME" */
    /* The one of these groups by which the user may write to the project, which belongs to
     * another user; NULL: none, or not needed. */
    const char *project_group;
    struct strv limits; /* the process's resource limits (base/rlimits.h) */
    /* terminal */
    bool stdin_tty, stdout_tty, stderr_tty;
    unsigned rows, cols; /* 0: unknown */
    /* cco itself */
    const char *version;
    const char *exe; /* the path of the running binary */
    /* identifies this build: base/build_id.h, or the binary's SHA-256 */
    const char *exe_digest;
    const char *random; /* 16 random hex digits, for names */
    /* Wall clock. It is the clock that gives files their times (CLOCK_REALTIME_COARSE), so that
     * no file that a session makes is older. */
    int64_t now_ms;
    struct fact_login login;
    struct fact_cloud cloud;
    enum cloud_machine cloud_machine;
    /* image identity */
    const char *base; /* the default of --base: "debian:trixie-slim" */
    /* Hash of all inputs of cco's own image, 64 hex digits, and hash of the inputs without this
     * machine's certificates. NULL if own_image_identify() was not called, because the session
     * is native or has another image. */
    const char *image_digest;
    const char *image_inputs;
    /* the reference of an own image that exists; NULL: cco:<12 digits> */
    const char *image_ref;
    struct fact_engine engine;
    struct fact_image image;
    struct fact_native native;
};

#endif
