/* SPDX-License-Identifier: MIT */
#include "cli/units.h"

#include <stddef.h>
#include <stdio.h>

enum { MINUTE = 60, HOUR = 3600, DAY = 86400 };

static const char *const names[] = {"B", "kB", "MB", "GB", "TB", "PB", "EB"};
enum { NAMES = sizeof(names) / sizeof(names[0]) };

/* Returns the index of the largest unit that fits into `bytes`, and sets *size to its bytes. A
 * number that would be rounded up to 1000 gets the next unit. */
static size_t unit_of(uint64_t bytes, uint64_t *size)
{
    size_t at = 0;

    *size = 1;
    while (at + 1 < NAMES && bytes >= (at == 0 ? 1000 : *size * 1000 - *size / 20)) {
        at++;
        *size *= 1000;
    }
    return at;
}

/* Writes bytes / size, rounded to tenths; without tenths if the unit is the byte. */
static int tenths(uint64_t bytes, uint64_t size, char *out, size_t max)
{
    uint64_t whole = bytes / size;
    uint64_t part = (bytes % size / 10 * 100 + size / 2) / size; /* bytes * 10 could overflow */

    if (size == 1) {
        return snprintf(out, max, "%llu", (unsigned long long)whole);
    }
    if (part >= 10) {
        whole++;
        part = 0;
    }
    return snprintf(out, max, "%llu.%llu", (unsigned long long)whole, (unsigned long long)part);
}

const char *units_bytes(uint64_t n, char out[UNITS_MAX])
{
    uint64_t whole = n;
    uint64_t tenth = 0;
    size_t unit = 0;

    while (whole >= 1000) {
        tenth = whole % 1000 / 100;
        whole /= 1000;
        unit++;
    }
    if (unit == 0 || whole >= 100) {
        (void)snprintf(out, UNITS_MAX, "%u %s", (unsigned)whole, names[unit]);
    } else {
        (void)snprintf(out, UNITS_MAX, "%u.%u %s", (unsigned)whole, (unsigned)tenth,
                       names[unit]);
    }
    return out;
}

const char *units_part(uint64_t bytes, uint64_t total, char out[UNITS_MAX])
{
    uint64_t size = 1;
    size_t unit = unit_of(total, &size);
    char number[UNITS_MAX];
    char all[UNITS_MAX];

    (void)tenths(bytes, size, number, sizeof(number));
    (void)tenths(total, size, all, sizeof(all));
    (void)snprintf(out, UNITS_MAX, "%.10s of %.10s %s", number, all, names[unit]);
    return out;
}

const char *units_seconds(int64_t ms, char out[UNITS_MAX])
{
    (void)snprintf(out, UNITS_MAX, "%lld.%lld s", (long long)(ms / 1000),
                   (long long)(ms % 1000 / 100));
    return out;
}

const char *units_time(int64_t seconds, char out[UNITS_MAX])
{
    long long s = seconds > 0 ? seconds : 0;

    if (s < MINUTE) {
        (void)snprintf(out, UNITS_MAX, "%llds", s);
    } else if (s < HOUR) {
        (void)snprintf(out, UNITS_MAX, "%lldm%02llds", s / MINUTE, s % MINUTE);
    } else if (s < DAY) {
        (void)snprintf(out, UNITS_MAX, "%lldh%02lldm", s / HOUR, s % HOUR / MINUTE);
    } else {
        (void)snprintf(out, UNITS_MAX, "%lldd%lldh", s / DAY, s % DAY / HOUR);
    }
    return out;
}
