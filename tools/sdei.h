/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the files of the sdei command share. Each command is a function that
 * parses its own arguments and returns the process's exit status; whoever
 * detects an error says it, with fail(), and the others pass the status on.
 */
#ifndef SDEI_H
#define SDEI_H

#include <argp.h>
#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Exit statuses: part of the interface, `sdei --help` lists them. */
enum {
	EXIT_OK = 0,
	EXIT_REFUSED =
		1, /* the firmware (or QEMU) said no, or fails; a record lies;
		      something is missing */
	EXIT_USAGE = 2, /* bad arguments, or a file is not there */
	EXIT_NO_MACHINE = 3,
	EXIT_NO_ANSWER = 4, /* in time, or one that makes no sense */
};

/* The commands. argv[0] is "sdei COMMAND", for messages. */
int command_run(int argc, char **argv);
int command_inject(int argc, char **argv);
int command_status(int argc, char **argv);
int command_trace(int argc, char **argv);
int command_stop(int argc, char **argv);
int command_explain(int argc, char **argv);
int command_list(int argc, char **argv);
int command_doctor(int argc, char **argv);
int command_conformance(int argc, char **argv);
int command_bench(int argc, char **argv);
int command_decode(int argc, char **argv);
int command_campaign(int argc, char **argv);

/* Options that more than one command takes; keys beyond all letters. */
enum { KEY_FIRST = 0x100, KEY_NAME, KEY_VM, KEY_JSON, KEY_OWN };
extern const struct argp talk_argp; /* --name, --vm, --json: a child parser */

/* commands.c: the arguments of a command that takes --json alone. */
void parse_json_only(int argc, char **argv, const char *help);

struct talk_options {
	const char *name;
	bool vm; /* it is the name of a guest of sdei-vmm's */
	bool json;
};

/*
 * A machine's run folder: sockets and locks, nobody else's business
 * (machine.c).
 */
#define SOCKET_PATH_MAX 108 /* sun_path */
#define DEFAULT_NAME    "default"

struct machine {
	const char *name;
	bool vm;                            /* a guest: no `qmp`, no `trace` */
	char control[SOCKET_PATH_MAX];      /* Secure UART */
	char qmp[SOCKET_PATH_MAX];          /* QEMU's own control */
	char trace[SOCKET_PATH_MAX];        /* its monitor, for who follows */
	char trace_memory[SOCKET_PATH_MAX]; /* what it then asks QEMU for */
	char steps[SOCKET_PATH_MAX];        /* a guest's live trace */
	char trace_lock[SOCKET_PATH_MAX];   /* held while one follows */
	char lock[SOCKET_PATH_MAX];         /* held while it runs */
	char control_lock[SOCKET_PATH_MAX]; /* held while one talks */
	char given[SOCKET_PATH_MAX];        /* given.c's list */
};

/* Can it name a machine or guest? Then it has 1 to 32 harmless characters. */
bool machine_name_valid(const char *name);
/* Fill *machine; with `create` make its folder. Returns an exit status. */
int machine_find(struct machine *machine, const char *name, bool create);
/* The machine or guest that was asked for, and that must be there. */
int machine_choose(struct machine *machine, const struct talk_options *options);
/* Take the name for this process and what it execs. */
int machine_claim(const struct machine *machine);
bool machine_running(const struct machine *machine);
/* Each machine, or guest, that runs, by name. `seen` may not keep it. */
typedef void machine_seen(void *context, const struct machine *machine);
int machine_each(bool vm, machine_seen *seen, void *context);
/* Says that there is none, and what to do. Returns EXIT_NO_MACHINE. */
int machine_missing(const struct machine *machine);

/* Bounded conversation on a unix socket (channel.c). */
struct channel {
	int fd;
	int64_t deadline;   /* ms; for the whole conversation */
	size_t used, taken; /* of buffer: filled, handed out */
	char buffer[4096];
};

/* 0, or an errno. ETIMEDOUT when the deadline passed, EPIPE at the end. */
int channel_open(struct channel *channel, const char *path, int seconds);
int channel_send(struct channel *channel, const char *text);
int channel_line(struct channel *channel, char *line, size_t size);
/* Skip all up to and with this text, whose first character it has once. */
int channel_until(struct channel *channel, const char *end);
void channel_close(struct channel *channel);
/* A lock that frees itself when its holder ends. fd, or -1 and errno. */
int lock_wait(const char *path, int seconds);
int64_t now_ms(void);
/* When a wait of so many seconds is over, by now_ms(): later on a machine that
 * OPENSDEI_PATIENCE says is so many times slower than an idle one. */
int64_t end_of(int seconds);
void sleep_ms(int ms);

/* Connect to a running machine's socket; says what went wrong. */
int machine_connect(const struct machine *machine, const char *path,
		    struct channel *channel, int seconds);

/*
 * Send QEMU one command, wait for its answer among the events (qmp.c). 0 or an errno;
 * EPROTO: it refuses. The first must be the greeting.
 */
int qmp_ask(struct channel *channel, const char *command);
int qmp_greet(struct channel *channel);

/* One line of an answer: docs/control.md (control.c). */
#define LINE_WORDS_MAX 24

struct word {
	const char *key; /* "" for a bare word */
	const char *value;
};

struct line {
	const char *kind; /* first word; "ok" and "error" come last */
	const char *rest; /* of an error: the sentence */
	unsigned words;
	struct word word[LINE_WORDS_MAX];
};

struct reply {
	char *text;        /* what the lines point into */
	struct line *line; /* the last one is `last` */
	unsigned lines;
	const struct line *last;
};

/* The value of a key, NULL if the line has none. */
const char *line_get(const struct line *line, const char *key);
/* Ask and wait; bounded in time. Says what went wrong. An exit status. */
int control_ask(const struct machine *machine, const char *request,
		struct reply *reply);
void reply_free(struct reply *reply);

/* What people and programs read (show.c). */
extern bool json_wanted;
/* Print it on a line of its own, and free it. */
void print_json(json_t *json);
int fail(int status, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
void show_inject(const char *what, const struct reply *reply);
void show_stop(const struct reply *reply);
void show_status(const struct reply *reply);
void show_trace(const struct reply *reply);
void show_done(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* decode_show.c: error records, as words or JSON; how much is wrong with them. */
unsigned show_records(const uint8_t *bytes, size_t size);

/*
 * own.c: where PREFIXNAME.bin is that came with this program: in share/opensdei, where
 * both are installed, or beside it, where both were built.
 */
char *own_file(const char *prefix, const char *name);
/* Where this program lies, with a slash at its end; is it installed there? */
const char *own_folder(void);
bool own_is_installed(void);

/* own.c: EXIT_OK if `path` is NULL or a readable file; else says what is wrong. */
int check_file(const char *what, const char *path);

/* run.c: is it PRIVATE:SHARED? How large they may be the firmware knows. */
bool are_slots(const char *text);

#endif
