/* SPDX-License-Identifier: MIT */
/* Looks up the IP addresses in a certificate (RFC 5280), which BearSSL does not examine.
 * Pure. */
#ifndef WIRE_CERTIFICATE_H
#define WIRE_CERTIFICATE_H

#include <stdbool.h>

#include "base/str.h"

/* Returns true if the certificate `der` (DER) lists this IP address among its subject
 * alternative names. `address` has 4 bytes (IPv4) or 16 bytes (IPv6) in network byte order. The
 * common name is ignored. Returns false if the address is not listed or if `der` cannot be read
 * that far. Checks no signature: the caller must have verified the certificate. RFC 5280
 * section 4.2.1.6. */
bool certificate_has_address(struct str der, struct str address);

#endif
