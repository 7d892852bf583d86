/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * CW_ERROR:
 *
 * The error domain of the core. Every message is a sentence for the person in
 * front of the screen: it names the object and, where it helps, what to do
 * next. The library's own words are kept apart, see cw_error_get_details().
 */
#define CW_ERROR (cw_error_quark ())

/**
 * CwErrorCode:
 * @CW_ERROR_FAILED: something failed that has no code of its own
 * @CW_ERROR_INVALID: a value that a person typed or chose is not allowed
 * @CW_ERROR_UNREADABLE: data is not what it claims to be, or is damaged
 * @CW_ERROR_UNSUPPORTED: data is well formed but cannot be handled here
 * @CW_ERROR_TOO_LARGE: a file or a value exceeds its limit
 * @CW_ERROR_NOT_A_FILE: a directory, a FIFO, a device or a socket
 * @CW_ERROR_EMPTY: there is nothing in it
 * @CW_ERROR_PASSPHRASE_NEEDED: encrypted, and no passphrase was given
 * @CW_ERROR_PASSPHRASE_WRONG: encrypted, and the passphrase given does not open it
 * @CW_ERROR_MISMATCH: two things that belong together do not fit (key and
 *   certificate; what was written and what was read back)
 * @CW_ERROR_PROFILE: a consumer's profile has a mistake
 */
typedef enum
{
  CW_ERROR_FAILED,
  CW_ERROR_INVALID,
  CW_ERROR_UNREADABLE,
  CW_ERROR_UNSUPPORTED,
  CW_ERROR_TOO_LARGE,
  CW_ERROR_NOT_A_FILE,
  CW_ERROR_EMPTY,
  CW_ERROR_PASSPHRASE_NEEDED,
  CW_ERROR_PASSPHRASE_WRONG,
  CW_ERROR_MISMATCH,
  CW_ERROR_PROFILE,
} CwErrorCode;

GQuark cw_error_quark (void);

/**
 * cw_error_set_openssl:
 * @error: (out) (optional): where to put the error
 * @code: the code of the new error
 * @format: printf-style format of the person's sentence
 *
 * Sets @error in %CW_ERROR and moves everything in this thread's OpenSSL error
 * queue into its details. The queue is empty afterwards, also when @error is
 * %NULL. Clear the queue (ERR_clear_error(3)) before each piece of work, so
 * that nobody else's errors end up here.
 */
void cw_error_set_openssl (GError **error, CwErrorCode code, const char *format, ...)
    G_GNUC_PRINTF (3, 4);

/**
 * cw_error_get_details:
 * @error: any #GError
 *
 * Returns: (nullable): the technical text below the sentence, one line for
 *   each of OpenSSL's errors, owned by @error; %NULL if there is none or if
 *   @error is of another domain
 */
const char *cw_error_get_details (const GError *error);

G_END_DECLS
