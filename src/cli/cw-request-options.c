/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "cw-command.h"
#include "cw-destination.h"
#include "cw-request-options.h"
#include "cw-session.h"
#include "cw-terminal.h"
#include "cw-usage.h"

void
cw_request_options_clear (CwRequestOptions *self)
{
  g_clear_pointer (&self->common_name, g_free);
  g_clear_pointer (&self->subject, g_strfreev);
  g_clear_pointer (&self->alt_names, g_strfreev);
  g_clear_pointer (&self->usages, g_strfreev);
  g_clear_pointer (&self->key_kind, g_free);
  g_clear_pointer (&self->profile, g_free);
  g_clear_pointer (&self->output, g_free);
}

static gboolean
add_attribute (CwRequest *request, const char *text, GError **error)
{
  const char *equals = strchr (text, '=');
  g_autofree char *type = g_strndup (text, equals ? (gsize) (equals - text) : 0);
  const CwAttributeType *known = cw_attribute_type_find (type);
  g_autoptr (GError) cause = NULL;

  if (!equals || equals == text)
    return cw_command_misused (error, _ ("“%s” is no TYPE=VALUE for --subject."), text);
  if (!cw_attribute_check (known ? known->id : type, equals + 1, &cause))
    return cw_command_misused (error, _ ("“%s” cannot be used for --subject: %s"), text,
                               cause->message);

  cw_subject_append (cw_request_get_subject (request), type, equals + 1);
  return TRUE;
}

static gboolean
add_common_name (CwRequest *request, const char *name, GError **error)
{
  g_autoptr (GError) cause = NULL;

  if (!name)
    return TRUE;
  if (!cw_attribute_check ("CN", name, &cause))
    return cw_command_misused (error, _ ("“%s” cannot be used for --common-name: %s"), name,
                               cause->message);

  cw_subject_append (cw_request_get_subject (request), "CN", name);
  return TRUE;
}

CwAltName *
cw_request_options_parse_name (const char *option, const char *text, GError **error)
{
  const char *colon = strchr (text, ':');
  g_autofree char *type = g_strndup (text, colon ? (gsize) (colon - text) : 0);
  g_autoptr (CwAltName) name = NULL;
  g_autoptr (GError) cause = NULL;
  CwAltNameKind kind;

  if (!colon || !cw_alt_name_kind_from_id (type, &kind) || kind == CW_ALT_NAME_UNKNOWN)
    {
      cw_command_misused (error,
                          /* Translators: what was typed, then an option */
                          _ ("“%s” is no TYPE:VALUE for %s; the types are email, dns, ip, uri, upn "
                             "and other."),
                          text, option);
      return NULL;
    }

  name = cw_alt_name_new (kind, colon + 1);
  if (cw_alt_name_check (name, &cause))
    return g_steal_pointer (&name);
  /* Translators: what was typed, an option, and why not */
  cw_command_misused (error, _ ("“%s” cannot be used for %s: %s"), text, option, cause->message);
  return NULL;
}

static gboolean
add_alt_name (CwRequest *request, const char *text, GError **error)
{
  g_autoptr (CwAltName) name = cw_request_options_parse_name ("--alt-name", text, error);

  if (name)
    cw_request_add_alt_name (request, name);
  return name != NULL;
}

static void
clear_usages (CwRequest *request)
{
  const char *const *usages;

  while ((usages = cw_request_get_usages (request)) && usages[0])
    {
      g_autofree char *usage = g_strdup (usages[0]);

      cw_request_set_usage (request, usage, FALSE);
    }
}

static gboolean
add_usage (CwRequest *request, const char *text, GError **error)
{
  const CwUsage *known = cw_usage_find (text);

  if (!known && !cw_oid_check (text, NULL))
    return cw_command_misused (error,
                               _ ("“%s” is no usage for --usage; it is a name, as in clientAuth, "
                                  "or an object identifier."),
                               text);
  cw_request_set_usage (request, known ? known->oid : text, TRUE);
  return TRUE;
}

gboolean
cw_request_options_set_usages (CwRequest *request, char **usages, GError **error)
{
  if (!usages)
    return TRUE;
  clear_usages (request);
  for (guint i = 0; usages[i]; i++)
    if (!add_usage (request, usages[i], error))
      return FALSE;
  return TRUE;
}

gboolean
cw_request_options_set_days (CwRequest *request, int days, GError **error)
{
  if (days == CW_REQUEST_OPTIONS_NO_DAYS)
    return TRUE;
  if (days < 1 || days > CW_REQUEST_MAX_DAYS)
    return cw_command_misused (error, _ ("%d is nothing for --days; it takes 1 to %d."), days,
                               CW_REQUEST_MAX_DAYS);
  cw_request_set_days (request, (guint) days);
  return TRUE;
}

static gboolean
takes_kind (CwProfile *profile, CwKeyKind kind)
{
  guint n_kinds;
  const CwKeyKind *kinds = cw_profile_get_key_kinds (profile, &n_kinds);

  for (guint i = 0; i < n_kinds; i++)
    if (kinds[i] == kind)
      return TRUE;
  return n_kinds == 0;
}

/* What the consumer wants, where nothing else is asked for. */
static void
apply_profile (CwRequest *request, CwProfile *profile)
{
  guint n_kinds;
  const CwKeyKind *kinds = cw_profile_get_key_kinds (profile, &n_kinds);
  const char *const *usages = cw_profile_get_usages (profile);

  if (n_kinds > 0)
    cw_request_set_key_kind (request, kinds[0]);
  if (!usages || !usages[0])
    return;
  clear_usages (request);
  for (guint i = 0; usages[i]; i++)
    cw_request_set_usage (request, usages[i], TRUE);
}

static gboolean
set_key_kind (CwRequest *request, const char *id, CwProfile *profile, GError **error)
{
  CwKeyKind kind;

  if (!id)
    return TRUE;
  if (!cw_key_kind_from_id (id, &kind))
    return cw_command_misused (error,
                               _ ("“%s” is no kind for --key-kind; there are rsa-2048, rsa-3072, "
                                  "rsa-4096, ec-p256, ec-p384, ec-p521 and ed25519."),
                               id);
  if (profile && !takes_kind (profile, kind))
    return cw_command_misused (error, _ ("%s does not take the --key-kind “%s”."),
                               cw_profile_get_short_name (profile), id);
  cw_request_set_key_kind (request, kind);
  return TRUE;
}

gboolean
cw_request_options_fill (const CwRequestOptions *self,
                         CwRequest *request,
                         CwProfile *profile,
                         GError **error)
{
  g_autoptr (GError) cause = NULL;

  if (profile)
    apply_profile (request, profile);
  if (!set_key_kind (request, self->key_kind, profile, error) ||
      !add_common_name (request, self->common_name, error))
    return FALSE;
  for (guint i = 0; self->subject && self->subject[i]; i++)
    if (!add_attribute (request, self->subject[i], error))
      return FALSE;
  for (guint i = 0; self->alt_names && self->alt_names[i]; i++)
    if (!add_alt_name (request, self->alt_names[i], error))
      return FALSE;
  if (!cw_request_options_set_usages (request, self->usages, error) ||
      !cw_request_options_set_days (request, self->days, error))
    return FALSE;

  cw_request_add_host_name (request);
  if (cw_request_check (request, &cause))
    return TRUE;
  if (cw_subject_get (cw_request_get_subject (request), "CN"))
    return cw_command_misused (error, "%s", cause->message);
  return cw_command_misused (error, _ ("It is not clear who it is for; give --common-name: %s"),
                             cause->message);
}

CwIdentity *
cw_request_options_create_identity (const CwRequestOptions *self, GError **error)
{
  g_autoptr (CwIdentity) identity = cw_identity_new ();
  g_autoptr (CwProfile) profile = NULL;

  if (self->profile && !(profile = cw_session_find_profile (self->profile, error)))
    return NULL;
  if (profile)
    cw_identity_set_profile_id (identity, cw_profile_get_id (profile));
  if (!cw_request_options_fill (self, cw_identity_get_request (identity), profile, error))
    return NULL;
  return g_steal_pointer (&identity);
}

CwStatus
cw_request_options_write (const CwRequestOptions *self,
                          char *pem,
                          const char *made,
                          const char *kept)
{
  const CwDestination to = { .path = self->output, .force = self->force };
  g_autoptr (GError) error = NULL;

  if (cw_destination_write_text (&to, pem, &error))
    {
      cw_terminal_print (stderr, 0, made);
      return CW_STATUS_FINE;
    }

  cw_command_fail (error);
  cw_terminal_print (stderr, 0, kept);
  return CW_STATUS_PROBLEM;
}
