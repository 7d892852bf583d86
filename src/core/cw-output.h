/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "cw-chain.h"
#include "cw-endpoint.h"
#include "cw-profile.h"
#include "cw-secret.h"

G_BEGIN_DECLS

/**
 * CwOutputValues:
 * @key: (nullable): the private key, PKCS#8 PEM; %NULL leaves it out
 * @chain: (nullable): the certificate and its chain; %NULL leaves it out
 * @server_cas: (nullable): PEM of the CAs that the server's certificate may
 *   come from; %NULL for the system's
 * @verify_server: whether the server is to be verified
 * @address: (nullable): the server's: "https://api.example.com:8443/v1", one that
 *   cw_output_read_address() takes; %NULL if nobody has said it yet
 * @passphrase: (nullable): for the outputs that need one
 * @files: (nullable) (element-type utf8 filename): the paths that outputs were or
 *   will be saved at, by their ids; without, templates have their plain names
 *
 * What goes into an output. Owned by the caller.
 */
typedef struct
{
  CwSecret *key;
  CwChain *chain;
  const char *server_cas;
  gboolean verify_server;
  const char *address;
  CwSecret *passphrase;
  GHashTable *files;
} CwOutputValues;

/**
 * CwOutputSpan:
 * @start: of the span, in bytes from the text's start
 * @end: after its last byte
 * @style: what it is
 *
 * A piece of an output's text, for colouring and masking. In order, not overlapping.
 */
typedef enum
{
  CW_OUTPUT_COMMENT,
  CW_OUTPUT_NAME,
  CW_OUTPUT_VALUE,
  CW_OUTPUT_SECRET,
} CwOutputStyle;

typedef struct
{
  gsize start;
  gsize end;
  CwOutputStyle style;
} CwOutputSpan;

/**
 * cw_output_render:
 * @profile: the consumer
 * @output: one of its outputs
 * @values: what to fill in
 * @error: %CW_ERROR_MISMATCH if key and certificate do not belong together, or
 *   if what was written does not read back as what went in; %CW_ERROR_PROFILE
 *   for a template with a mistake; %CW_ERROR_INVALID for a value that its
 *   language cannot say, or a passphrase that cannot be used;
 *   %CW_ERROR_PASSPHRASE_NEEDED; %CW_ERROR_FAILED; #GFileError
 *
 * Fills the output in, then reads it back with the reader that the consumer
 * uses (libyaml, OpenSSL), or for a template with the rules of its language,
 * and compares (invariant 4). A YAML output is written with libyaml: PEM as
 * literal blocks, and a comment on top that says whose it is and until when.
 *
 * Returns: (transfer full) (nullable): the text, ready to be pasted; or the
 *   bytes, if it is no text
 */
CwSecret *cw_output_render (CwProfile *profile,
                            const CwProfileOutput *output,
                            const CwOutputValues *values,
                            GError **error);

/**
 * cw_output_read_address:
 * @address: what a person typed
 * @error: as of cw_endpoint_new(); %CW_ERROR_INVALID for one that is encrypted
 *   too, but that @profile's consumer does not connect to
 *
 * Returns: (transfer full) (nullable): the address for @profile's templates
 */
CwEndpoint *cw_output_read_address (CwProfile *profile, const char *address, GError **error);

/**
 * cw_output_has_content:
 *
 * Whether there is anything to put into @output: the system's CAs are no file.
 * A private key is thought to be there.
 */
gboolean cw_output_has_content (CwProfile *profile,
                                const CwProfileOutput *output,
                                const CwOutputValues *values);

/**
 * cw_output_explain_empty:
 *
 * Returns: (transfer full) (nullable): why there is nothing to put into @output,
 *   in a sentence; %NULL if there is something, as of cw_output_has_content()
 */
char *cw_output_explain_empty (CwProfile *profile,
                               const CwProfileOutput *output,
                               const CwOutputValues *values);

/**
 * cw_output_get_spans:
 * @text: what cw_output_render() gave for @output, or cw_output_mask() made of it
 *
 * Returns: (transfer full) (element-type CwOutputSpan): the spans of comments,
 *   names and values; a value with a private key in it is %CW_OUTPUT_SECRET
 */
GArray *cw_output_get_spans (CwProfile *profile, const CwProfileOutput *output, CwSecret *text);

/**
 * cw_output_mask:
 * @text: a text as cw_output_render() gave it
 *
 * Replaces each character of a private key by a bullet; the lines that begin and end
 * it, and everything else, stay. Lines, and places counted in characters, are
 * those of @text; places in bytes are not: the masked text has spans of its own.
 *
 * Returns: (transfer full): what can be shown; nothing of the key is in it
 */
CwSecret *cw_output_mask (CwSecret *text);

G_END_DECLS
