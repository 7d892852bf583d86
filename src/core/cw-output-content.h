/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Private to core: what goes into an output, in the form in which it is written.
 */

#pragma once

#include "cw-output.h"
#include "cw-profile-private.h"

G_BEGIN_DECLS

/**
 * CwOutputContent:
 * @values: what it was made from
 * @key: (nullable): the private key
 * @key_pem: (nullable): the same, PKCS#8 without a passphrase whatever came in
 * @chain: (nullable) (element-type CwCertificate): leaf first, without a root
 * @issuers: (nullable) (element-type CwCertificate): those above the leaf
 * @server_cas: (nullable) (element-type CwCertificate): chosen for the server
 */
typedef struct
{
  const CwOutputValues *values;
  CwKey *key;
  CwSecret *key_pem;
  GPtrArray *chain;
  GPtrArray *issuers;
  GPtrArray *server_cas;
} CwOutputContent;

/**
 * cw_output_content_init:
 * @error: %CW_ERROR_MISMATCH if key and certificate do not belong together;
 *   %CW_ERROR_UNREADABLE
 */
gboolean
cw_output_content_init (CwOutputContent *self, const CwOutputValues *values, GError **error);
void cw_output_content_clear (CwOutputContent *self);

/* Returns (transfer full) (nullable): the certificates of a source; %NULL for none. */
GPtrArray *cw_output_content_get_certificates (const CwOutputContent *self, CwProfileSource source);

/* Returns (transfer full) (nullable): PEM; %NULL if there is nothing. */
CwSecret *cw_output_content_get_pem (const CwOutputContent *self, CwProfileSource source);

/* Whether OpenSSL reads from @pem what @source has to say. */
gboolean cw_output_content_is (const CwOutputContent *self, CwProfileSource source, CwSecret *pem);

/* Whether all of it is certificates that there may be none of. */
gboolean cw_output_content_may_be_empty (const CwProfileOutputData *output);

/* Whether @output would have something in it; a private key is thought to be there. */
gboolean cw_output_content_has_output (const CwOutputContent *self,
                                       const CwProfileOutputData *output);

/* Whether the CAs that were chosen for the server are among what is in it. */
gboolean cw_output_content_takes_server_cas (const CwProfileOutputData *output);

/* Why it has none: there are no such certificates, or the system has them. */
const char *cw_output_content_explain_none (const CwProfileOutputData *output);

/* Returns %FALSE, having said that nothing goes in. */
gboolean cw_output_set_empty (const CwProfileOutput *output, GError **error);

/* Returns %FALSE, having said that @what does not read back. */
gboolean cw_output_set_different (const CwProfileOutput *output, const char *what, GError **error);

/* How each type is written, checked; and checked again. */
CwSecret *cw_output_render_yaml (CwProfile *profile,
                                 const CwProfileOutputData *output,
                                 const CwOutputContent *content,
                                 GError **error);
gboolean cw_output_check_yaml (const CwProfileOutputData *output,
                               const CwOutputContent *content,
                               CwSecret *text,
                               GError **error);
CwSecret *cw_output_render_template (CwProfile *profile,
                                     const CwProfileOutputData *output,
                                     const CwOutputContent *content,
                                     GError **error);

/* Whether the template can be rendered, as far as that depends on it. */
gboolean
cw_output_check_template (CwProfile *profile, const CwProfileOutputData *output, GError **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (CwOutputContent, cw_output_content_clear)

G_END_DECLS
