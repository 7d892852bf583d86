/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A text as a value in another language, and back.
 */

#pragma once

#include "cw-secret.h"

G_BEGIN_DECLS

/**
 * CwLanguage:
 * @CW_LANGUAGE_PLAIN: a text of its own: nothing is quoted
 * @CW_LANGUAGE_SHELL: a word of a POSIX shell (XCU 2.2)
 * @CW_LANGUAGE_PYTHON: a string literal
 * @CW_LANGUAGE_JAVASCRIPT: a string literal (ECMA-262)
 * @CW_LANGUAGE_JAVA: a string literal (JLS 3.10.5)
 * @CW_LANGUAGE_JSON: a string (RFC 8259)
 * @CW_LANGUAGE_YAML: a double-quoted scalar
 * @CW_LANGUAGE_TOML: a basic string
 * @CW_LANGUAGE_PROPERTIES: a value of java.util.Properties
 * @CW_LANGUAGE_NGINX: an argument of a directive
 * @CW_LANGUAGE_OPENVPN: an argument of an option (openvpn(8))
 * @CW_LANGUAGE_MOSQUITTO: the rest of a line of mosquitto.conf(5)
 *
 * Whose quoting a value needs.
 */
typedef enum
{
  CW_LANGUAGE_PLAIN,
  CW_LANGUAGE_SHELL,
  CW_LANGUAGE_PYTHON,
  CW_LANGUAGE_JAVASCRIPT,
  CW_LANGUAGE_JAVA,
  CW_LANGUAGE_JSON,
  CW_LANGUAGE_YAML,
  CW_LANGUAGE_TOML,
  CW_LANGUAGE_PROPERTIES,
  CW_LANGUAGE_NGINX,
  CW_LANGUAGE_OPENVPN,
  CW_LANGUAGE_MOSQUITTO,
} CwLanguage;

/* Their names in a profile, in that order; ends in %NULL. */
extern const char *const cw_language_ids[];

/**
 * cw_quote:
 * @text: any UTF-8
 * @length: its length in bytes, or -1
 * @error: %CW_ERROR_INVALID with a sentence that names @text, if @language
 *   cannot say it
 *
 * Returns: (transfer full) (nullable): @text as a value, with its quotes
 */
CwSecret *cw_quote (CwLanguage language, const char *text, gssize length, GError **error);

/**
 * cw_quote_word:
 * @text: any bytes, as in a file's name; nothing secret
 *
 * Returns: (transfer full): @text as a word of a POSIX shell, as cw_quote() writes it
 */
char *cw_quote_word (const char *text);

/**
 * cw_unquote:
 * @quoted: what cw_quote() gave, and no more
 * @length: its length in bytes, or -1
 *
 * Returns: (transfer full) (nullable): the text, read by the language's rules;
 *   %NULL if it is not one value
 */
CwSecret *cw_unquote (CwLanguage language, const char *quoted, gssize length);

/**
 * cw_language_is_comment:
 *
 * Whether @line is nothing but a comment.
 */
gboolean cw_language_is_comment (CwLanguage language, const char *line);

/* Whether PEM stands in it as it is, in lines of its own. */
gboolean cw_language_has_blocks (CwLanguage language);

G_END_DECLS
