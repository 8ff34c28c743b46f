/* SPDX-License-Identifier: MIT */
#include "wire/timestamp.h"

#include "base/num.h"

#include <stdio.h>

enum { DAY_S = 86400, MAX_YEAR = 9999 };

/* Returns the days from 1970-01-01 to the first of March of a year in the proleptic Gregorian
 * calendar. Years are counted from March, so that the leap day is the last day of a year. */
static int64_t days_to_march(int64_t year)
{
    return year * 365 + year / 4 - year / 100 + year / 400 - 719468;
}

/* Returns the days from the first of March to the first of a month; 0 is March, 11 is
 * February. */
static int64_t days_of_months(int64_t from_march)
{
    return (153 * from_march + 2) / 5;
}

/* Takes a number of `len` digits, at most `max`, and the character `behind` unless that is
 * NUL. */
static bool field(struct str *s, size_t len, char behind, uint64_t max, int64_t *out)
{
    uint64_t n = 0;

    if (s->len < len || !str_u64(str_n(s->p, len), 10, max, &n)) {
        return false;
    }
    *s = str_drop(*s, len);
    *out = (int64_t)n;
    if (behind != '\0') {
        if (s->len == 0 || s->p[0] != behind) {
            return false;
        }
        *s = str_drop(*s, 1);
    }
    return true;
}

/* Reads the text behind the seconds: a fraction, which is dropped, then "Z" or "+01:30". */
static bool offset(struct str s, int64_t *seconds)
{
    int64_t sign;
    int64_t hours = 0;
    int64_t minutes = 0;

    if (s.len > 1 && s.p[0] == '.') {
        size_t n = 1;

        while (n < s.len && s.p[n] >= '0' && s.p[n] <= '9') {
            n++;
        }
        if (n == 1) {
            return false;
        }
        s = str_drop(s, n);
    }
    if (str_eq_nocase(s, "z")) {
        *seconds = 0;
        return true;
    }
    if (s.len != 6 || (s.p[0] != '+' && s.p[0] != '-')) {
        return false;
    }
    sign = s.p[0] == '-' ? -1 : 1;
    s = str_drop(s, 1);
    if (!field(&s, 2, ':', 23, &hours) || !field(&s, 2, '\0', 59, &minutes)) {
        return false;
    }
    *seconds = sign * (hours * 3600 + minutes * 60);
    return true;
}

static bool is_day(int64_t year, int64_t month, int64_t day)
{
    static const int8_t days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

    return year >= 1 && month >= 1 && month <= 12 && day >= 1 &&
           day <= days[month - 1] + (month == 2 && leap ? 1 : 0);
}

bool timestamp_read(struct str s, int64_t *out)
{
    int64_t year = 0;
    int64_t month = 0;
    int64_t day = 0;
    int64_t hour = 0;
    int64_t minute = 0;
    int64_t second = 0;
    int64_t zone = 0;
    int64_t days;

    if (!field(&s, 4, '-', MAX_YEAR, &year) || !field(&s, 2, '-', 12, &month) ||
        !field(&s, 2, '\0', 31, &day) || !is_day(year, month, day) || s.len == 0 ||
        (s.p[0] != 'T' && s.p[0] != 't')) {
        return false;
    }
    s = str_drop(s, 1);
    if (!field(&s, 2, ':', 23, &hour) || !field(&s, 2, ':', 59, &minute) ||
        !field(&s, 2, '\0', 60, &second) || !offset(s, &zone)) {
        return false;
    }
    year -= month <= 2 ? 1 : 0;
    days = days_to_march(year) + days_of_months((month + 9) % 12) + day - 1;
    *out = days * DAY_S + hour * 3600 + minute * 60 + second - zone;
    return true;
}

void timestamp_write(int64_t seconds, char out[TIMESTAMP_SIZE])
{
    int64_t days = seconds / DAY_S;
    int64_t rest = seconds % DAY_S;
    int64_t year = 1970;
    int64_t month = 0;

    if (rest < 0) {
        days--;
        rest += DAY_S;
    }
    /* The estimate is wrong by one year at most. */
    year += (days - days / 1461) / 365;
    while (days_to_march(year) > days) {
        year--;
    }
    while (days_to_march(year + 1) <= days) {
        year++;
    }
    days -= days_to_march(year);
    while (month < 11 && days_of_months(month + 1) <= days) {
        month++;
    }
    days -= days_of_months(month);
    year += month >= 10 ? 1 : 0;
    (void)snprintf(out, TIMESTAMP_SIZE, "%04u-%02u-%02uT%02u:%02u:%02uZ",
                   (unsigned)(year > MAX_YEAR ? MAX_YEAR : year) % 10000,
                   (unsigned)((month + 2) % 12 + 1) % 100, (unsigned)(days + 1) % 100,
                   (unsigned)(rest / 3600) % 100, (unsigned)(rest % 3600 / 60) % 100,
                   (unsigned)(rest % 60) % 100);
}
