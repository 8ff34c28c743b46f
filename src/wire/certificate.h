/* SPDX-License-Identifier: MIT */
/* What BearSSL does not look at in a certificate (RFC 5280): the IP addresses it is for. Pure.
 */
#ifndef WIRE_CERTIFICATE_H
#define WIRE_CERTIFICATE_H

#include <stdbool.h>

#include "base/str.h"

/* True where the certificate (DER) names this address, 4 or 16 bytes in network order, among
 * its alternative names. The common name never counts. Whether the certificate can be believed
 * is for others to tell. RFC 5280 section 4.2.1.6 */
bool certificate_has_address(struct str der, struct str address);

#endif
