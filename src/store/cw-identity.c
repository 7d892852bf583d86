/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <glib/gi18n-lib.h>

#include "cw-date.h"
#include "cw-error.h"
#include "cw-identity-private.h"
#include "cw-report.h"
#include "cw-usage.h"

#define DAY (G_TIME_SPAN_DAY / G_USEC_PER_SEC)

struct _CwIdentity
{
  GObject parent_instance;

  CwIdentityRow *row;

  /* Parsed from the row when first asked for. */
  CwRequest *request;
  CwChain *chain;
  GDateTime *requested_at;
  GDateTime *not_after;
  GDateTime *revoked_at;
  char *haystack;
  char *collation_key; /* of the title */

  gboolean request_changed; /* since the row's text was written */
  guint n_changes;          /* that were made here */
  guint n_saved;            /* how many of them there were when it was last saved */
};

G_DEFINE_FINAL_TYPE (CwIdentity, cw_identity, G_TYPE_OBJECT)

enum
{
  CHANGED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

static void
emit_changed (CwIdentity *self)
{
  g_clear_pointer (&self->haystack, g_free);
  g_clear_pointer (&self->collation_key, g_free);
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
note_change (CwIdentity *self)
{
  self->n_changes++;
  emit_changed (self);
}

static void
set_string (CwIdentity *self, char **place, const char *value)
{
  if (cw_identity_row_replace (place, value))
    note_change (self);
}

static void
request_changed_cb (CwIdentity *self)
{
  self->request_changed = TRUE;
  note_change (self);
}

static GDateTime *
ensure_time (GDateTime **time, gint64 seconds)
{
  if (!*time && seconds)
    *time = g_date_time_new_from_unix_utc (seconds);
  return *time;
}

static gint64
seconds_of (GDateTime *now)
{
  return now ? g_date_time_to_unix (now) : g_get_real_time () / G_USEC_PER_SEC;
}

static guint32
day_number (gint64 seconds)
{
  g_autoptr (GDateTime) local = g_date_time_new_from_unix_local (seconds);
  GDate date;

  g_date_clear (&date, 1);
  g_date_set_dmy (&date, g_date_time_get_day_of_month (local), g_date_time_get_month (local),
                  g_date_time_get_year (local));
  return g_date_get_julian (&date);
}

/* Days as a calendar counts them: yesterday evening was a day ago. */
static int
days_between (gint64 from, gint64 to)
{
  return (int) day_number (to) - (int) day_number (from);
}

static char *
waiting_status (int days)
{
  if (days <= 0)
    return g_strdup (_ ("Waiting for the CA since today"));

  return g_strdup_printf (
      ngettext ("Waiting for the CA, %d day", "Waiting for the CA, %d days", days), days);
}

static char *
ready_status (gint64 not_after)
{
  g_autoptr (GDateTime) when = g_date_time_new_from_unix_utc (not_after);
  g_autofree char *day = cw_date_format_day (when);

  /* Translators: %s is a day, as in "3 May 2027" */
  return g_strdup_printf (_ ("Valid until %s"), day);
}

static char *
expiring_status (int days)
{
  if (days <= 0)
    return g_strdup (_ ("Expires today"));

  return g_strdup_printf (ngettext ("Expires in %d day", "Expires in %d days", days), days);
}

static char *
revoked_status (gint64 revoked_at)
{
  g_autoptr (GDateTime) when = g_date_time_new_from_unix_utc (revoked_at);
  g_autofree char *day = cw_date_format_day (when);

  /* Translators: of a certificate; %s is a day, as in "3 May 2027" */
  return g_strdup_printf (_ ("Revoked on %s"), day);
}

static char *
expired_status (int days)
{
  if (days <= 0)
    return g_strdup (_ ("Expired today"));

  return g_strdup_printf (ngettext ("Expired %d day ago", "Expired %d days ago", days), days);
}

/* Without case and accents, so that "uber" finds "Über". */
static char *
fold (const char *text)
{
  g_autofree char *normal = g_utf8_normalize (text, -1, G_NORMALIZE_ALL);
  g_autoptr (GString) bare = g_string_new (NULL);

  for (const char *p = normal; p && *p; p = g_utf8_next_char (p))
    if (!g_unichar_ismark (g_utf8_get_char (p)))
      g_string_append_unichar (bare, g_utf8_get_char (p));

  return g_utf8_casefold (bare->str, -1);
}

static void
append_line (GString *text, const char *line)
{
  if (line)
    g_string_append_printf (text, "%s\n", line);
}

static const char *
ensure_haystack (CwIdentity *self)
{
  CwRequest *request;
  CwSubject *subject;
  GListModel *names;
  g_autofree char *title = NULL;
  g_autoptr (GString) text = NULL;

  if (self->haystack)
    return self->haystack;

  request = cw_identity_get_request (self);
  subject = cw_request_get_subject (request);
  names = cw_request_get_alt_names (request);
  title = cw_identity_get_title (self);
  text = g_string_new (NULL);
  append_line (text, title);
  append_line (text, self->row->profile_id);
  for (guint i = 0; i < cw_subject_get_n_attributes (subject); i++)
    append_line (text, cw_subject_get_attribute_value (subject, i));
  for (guint i = 0; i < g_list_model_get_n_items (names); i++)
    {
      g_autoptr (CwAltName) name = g_list_model_get_item (names, i);

      append_line (text, cw_alt_name_get_value (name));
    }

  self->haystack = fold (text->str);
  return self->haystack;
}

/* The title as it is stored: "" for none. */
static char *
known_title (CwIdentity *self)
{
  g_autofree char *title = NULL;
  GListModel *names;
  g_autoptr (CwAltName) name = NULL;

  if (self->row->certificate || !self->request_changed)
    return g_strdup (self->row->title ? self->row->title : "");

  title = cw_subject_get_title (cw_request_get_subject (self->request));
  if (*title)
    return g_steal_pointer (&title);

  names = cw_request_get_alt_names (self->request);
  name = g_list_model_get_item (names, 0);
  return g_strdup (name ? cw_alt_name_get_value (name) : "");
}

static CwChain *
parse_chain (const CwIdentityRow *row)
{
  g_autoptr (CwCertificate) leaf = cw_certificate_new_from_pem (row->certificate, NULL);
  g_autoptr (GPtrArray) issuers = cw_certificates_from_pem (row->issuers, NULL);

  return leaf ? cw_chain_new (leaf, issuers, NULL) : NULL;
}

static int
state_rank (CwIdentityState state)
{
  switch (state)
    {
    case CW_IDENTITY_REVOKED:
      return 0;
    case CW_IDENTITY_EXPIRED:
      return 1;
    case CW_IDENTITY_EXPIRING:
      return 2;
    case CW_IDENTITY_WAITING:
      return 3;
    case CW_IDENTITY_DRAFT:
      return 4;
    case CW_IDENTITY_READY:
      return 5;
    case CW_IDENTITY_REPLACED:
    default:
      return 6;
    }
}

/* What the state's own order goes by; the smaller comes first. */
static gint64
state_order (CwIdentity *self, CwIdentityState state)
{
  switch (state)
    {
    case CW_IDENTITY_EXPIRING:
    case CW_IDENTITY_READY:
      return self->row->not_after;
    case CW_IDENTITY_WAITING:
      return self->row->requested_at;
    case CW_IDENTITY_DRAFT:
      return -self->row->created_at;
    case CW_IDENTITY_EXPIRED:
    case CW_IDENTITY_REVOKED:
    case CW_IDENTITY_REPLACED:
    default:
      return 0;
    }
}

static void
forget_parsed (CwIdentity *self)
{
  g_clear_object (&self->chain);
  g_clear_pointer (&self->requested_at, g_date_time_unref);
  g_clear_pointer (&self->not_after, g_date_time_unref);
  g_clear_pointer (&self->revoked_at, g_date_time_unref);
}

static void
cw_identity_dispose (GObject *object)
{
  CwIdentity *self = CW_IDENTITY (object);

  if (self->request)
    g_signal_handlers_disconnect_by_data (self->request, self);
  g_clear_object (&self->request);
  g_clear_object (&self->chain);

  G_OBJECT_CLASS (cw_identity_parent_class)->dispose (object);
}

static void
cw_identity_finalize (GObject *object)
{
  CwIdentity *self = CW_IDENTITY (object);

  forget_parsed (self);
  g_clear_pointer (&self->row, cw_identity_row_free);
  g_clear_pointer (&self->haystack, g_free);
  g_clear_pointer (&self->collation_key, g_free);

  G_OBJECT_CLASS (cw_identity_parent_class)->finalize (object);
}

static void
cw_identity_class_init (CwIdentityClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = cw_identity_dispose;
  object_class->finalize = cw_identity_finalize;

  signals[CHANGED] = g_signal_new ("changed", CW_TYPE_IDENTITY, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                   NULL, G_TYPE_NONE, 0);
}

static void
cw_identity_init (CwIdentity *self)
{
}

CwIdentity *
cw_identity_new (void)
{
  CwIdentityRow *row = g_new0 (CwIdentityRow, 1);

  row->id = g_uuid_string_random ();
  row->created_at = seconds_of (NULL);
  row->server_cas = CW_SERVER_CAS_SYSTEM;
  row->verify_server = TRUE;
  return cw_identity_new_for_row (row);
}

CwIdentity *
cw_identity_new_renewal (CwIdentity *former)
{
  CwIdentity *self;

  g_return_val_if_fail (CW_IS_IDENTITY (former), NULL);

  self = former->row->is_authority ? cw_identity_new_authority () : cw_identity_new ();
  cw_identity_set_profile_id (self, cw_identity_get_profile_id (former));
  cw_identity_set_signer (self, cw_identity_get_signer (former));
  cw_identity_set_authority_id (self, cw_identity_get_authority_id (former));
  cw_request_copy (cw_identity_get_request (former), cw_identity_get_request (self));

  return self;
}

CwIdentity *
cw_identity_new_authority (void)
{
  CwIdentity *self = cw_identity_new ();
  CwRequest *request = cw_identity_get_request (self);

  self->row->is_authority = TRUE;
  self->row->signer = CW_SIGNER_SELF;
  cw_request_set_usage (request, CW_USAGE_CLIENT_AUTH, FALSE);
  cw_request_set_key_kind (request, CW_KEY_KIND_EC_P384);
  cw_request_set_days (request, CW_AUTHORITY_DAYS);
  return self;
}

gboolean
cw_identity_get_is_authority (CwIdentity *self)
{
  g_return_val_if_fail (CW_IS_IDENTITY (self), FALSE);

  return self->row->is_authority;
}

const char *
cw_identity_get_id (CwIdentity *self)
{
  g_return_val_if_fail (CW_IS_IDENTITY (self), NULL);

  return self->row->id;
}

char *
cw_identity_get_title (CwIdentity *self)
{
  g_autofree char *title = NULL;

  g_return_val_if_fail (CW_IS_IDENTITY (self), NULL);

  title = known_title (self);
  return *title ? g_steal_pointer (&title) : g_strdup (_ ("Untitled certificate"));
}

/* In seconds, without a calendar: a list of a thousand is sorted by it. */
CwIdentityState
cw_identity_get_state (CwIdentity *self, GDateTime *now)
{
  gint64 left;

  g_return_val_if_fail (CW_IS_IDENTITY (self), CW_IDENTITY_DRAFT);

  if (self->row->replaced_by)
    return CW_IDENTITY_REPLACED;
  if (!self->row->certificate)
    return self->row->csr ? CW_IDENTITY_WAITING : CW_IDENTITY_DRAFT;
  if (self->row->revoked_at)
    return CW_IDENTITY_REVOKED;

  left = self->row->not_after - seconds_of (now);
  if (left < 0)
    return CW_IDENTITY_EXPIRED;
  return left <= CW_EXPIRES_SOON_DAYS * DAY ? CW_IDENTITY_EXPIRING : CW_IDENTITY_READY;
}

char *
cw_identity_get_status (CwIdentity *self, GDateTime *now)
{
  const CwIdentityRow *row;
  gint64 seconds;

  g_return_val_if_fail (CW_IS_IDENTITY (self), NULL);

  row = self->row;
  seconds = seconds_of (now);
  switch (cw_identity_get_state (self, now))
    {
    case CW_IDENTITY_WAITING:
      return waiting_status (days_between (row->requested_at, seconds));
    case CW_IDENTITY_READY:
      return ready_status (row->not_after);
    case CW_IDENTITY_EXPIRING:
      return expiring_status (days_between (seconds, row->not_after));
    case CW_IDENTITY_EXPIRED:
      return expired_status (days_between (row->not_after, seconds));
    case CW_IDENTITY_REVOKED:
      return revoked_status (row->revoked_at);
    case CW_IDENTITY_REPLACED:
      return g_strdup (_ ("Replaced"));
    case CW_IDENTITY_DRAFT:
    default:
      return g_strdup (_ ("Draft"));
    }
}

/* Sorting compares each one some ten times, and collating costs more than all the rest. */
static const char *
ensure_collation_key (CwIdentity *self)
{
  if (!self->collation_key)
    {
      g_autofree char *title = cw_identity_get_title (self);

      self->collation_key = g_utf8_collate_key (title, -1);
    }

  return self->collation_key;
}

int
cw_identity_compare_urgency (CwIdentity *a, CwIdentity *b, GDateTime *now)
{
  CwIdentityState state_a, state_b;
  gint64 order_a, order_b;
  int order;

  g_return_val_if_fail (CW_IS_IDENTITY (a) && CW_IS_IDENTITY (b), 0);

  state_a = cw_identity_get_state (a, now);
  state_b = cw_identity_get_state (b, now);
  if (state_a != state_b)
    return state_rank (state_a) - state_rank (state_b);

  order_a = state_order (a, state_a);
  order_b = state_order (b, state_b);
  if (order_a != order_b)
    return order_a < order_b ? -1 : 1;

  order = strcmp (ensure_collation_key (a), ensure_collation_key (b));
  return order ? order : strcmp (a->row->id, b->row->id);
}

gboolean
cw_identity_matches (CwIdentity *self, const char *words)
{
  const char *haystack;
  g_autofree char *folded = NULL;
  g_auto (GStrv) needles = NULL;

  g_return_val_if_fail (CW_IS_IDENTITY (self), FALSE);
  g_return_val_if_fail (words, FALSE);

  haystack = ensure_haystack (self);
  folded = fold (words);
  needles = g_strsplit_set (folded, " \t\r\n", -1);
  for (char **needle = needles; *needle; needle++)
    if (!strstr (haystack, *needle))
      return FALSE;
  return TRUE;
}

const char *
cw_identity_get_profile_id (CwIdentity *self)
{
  g_return_val_if_fail (CW_IS_IDENTITY (self), NULL);

  return self->row->profile_id;
}

void
cw_identity_set_profile_id (CwIdentity *self, const char *profile_id)
{
  g_return_if_fail (CW_IS_IDENTITY (self));

  set_string (self, &self->row->profile_id, profile_id);
}

const char *
cw_identity_get_step (CwIdentity *self)
{
  g_return_val_if_fail (CW_IS_IDENTITY (self), NULL);

  return self->row->step;
}

void
cw_identity_set_step (CwIdentity *self, const char *step)
{
  g_return_if_fail (CW_IS_IDENTITY (self));

  set_string (self, &self->row->step, step);
}

CwSigner
cw_identity_get_signer (CwIdentity *self)
{
  g_return_val_if_fail (CW_IS_IDENTITY (self), CW_SIGNER_CA);

  return self->row->signer;
}

void
cw_identity_set_signer (CwIdentity *self, CwSigner signer)
{
  g_return_if_fail (CW_IS_IDENTITY (self));

  if (self->row->signer == (int) signer)
    return;

  self->row->signer = signer;
  note_change (self);
}

const char *
cw_identity_get_authority_id (CwIdentity *self)
{
  g_return_val_if_fail (CW_IS_IDENTITY (self), NULL);

  return self->row->authority_id;
}

void
cw_identity_set_authority_id (CwIdentity *self, const char *id)
{
  g_return_if_fail (CW_IS_IDENTITY (self));

  set_string (self, &self->row->authority_id, id);
}

CwRequest *
cw_identity_get_request (CwIdentity *self)
{
  g_return_val_if_fail (CW_IS_IDENTITY (self), NULL);

  if (self->request)
    return self->request;

  /* What cannot be read stays in the store until something new is typed. */
  if (self->row->request)
    self->request = cw_request_new_from_text (self->row->request, NULL);
  if (!self->request && self->row->csr)
    self->request = cw_request_new_from_csr (self->row->csr, NULL);
  if (!self->request)
    self->request = cw_request_new ();
  g_signal_connect_swapped (self->request, "changed", G_CALLBACK (request_changed_cb), self);
  return self->request;
}

const char *
cw_identity_get_key_fingerprint (CwIdentity *self)
{
  g_return_val_if_fail (CW_IS_IDENTITY (self), NULL);

  return self->row->key_fingerprint;
}

void
cw_identity_set_key_fingerprint (CwIdentity *self, const char *fingerprint)
{
  g_return_if_fail (CW_IS_IDENTITY (self));

  set_string (self, &self->row->key_fingerprint, fingerprint);
}

GBytes *
cw_identity_get_csr (CwIdentity *self)
{
  g_return_val_if_fail (CW_IS_IDENTITY (self), NULL);

  return self->row->csr;
}

void
cw_identity_set_csr (CwIdentity *self, GBytes *csr)
{
  g_return_if_fail (CW_IS_IDENTITY (self));

  if (csr)
    g_bytes_ref (csr);
  g_clear_pointer (&self->row->csr, g_bytes_unref);
  self->row->csr = csr;
  self->row->requested_at = csr ? seconds_of (NULL) : 0;
  g_clear_pointer (&self->requested_at, g_date_time_unref);
  note_change (self);
}

GDateTime *
cw_identity_get_requested_at (CwIdentity *self)
{
  g_return_val_if_fail (CW_IS_IDENTITY (self), NULL);

  return ensure_time (&self->requested_at, self->row->requested_at);
}

CwChain *
cw_identity_get_chain (CwIdentity *self)
{
  g_return_val_if_fail (CW_IS_IDENTITY (self), NULL);

  if (!self->chain && self->row->certificate)
    self->chain = parse_chain (self->row);
  return self->chain;
}

CwChain *
cw_identity_require_chain (CwIdentity *self, GError **error)
{
  CwChain *chain = cw_identity_get_chain (self);
  g_autofree char *title = chain ? NULL : cw_identity_get_title (self);

  if (!chain)
    g_set_error (error, CW_ERROR, CW_ERROR_FAILED,
                 _ ("“%s” has no certificate yet. Import what the CA sent first."), title);
  return chain;
}

void
cw_identity_set_chain (CwIdentity *self, CwChain *chain)
{
  g_return_if_fail (CW_IS_IDENTITY (self));
  g_return_if_fail (!chain || CW_IS_CHAIN (chain));

  if (chain)
    g_object_ref (chain);
  forget_parsed (self);
  cw_identity_row_set_chain (self->row, chain);
  self->chain = chain;
  note_change (self);
}

GDateTime *
cw_identity_get_not_after (CwIdentity *self)
{
  g_return_val_if_fail (CW_IS_IDENTITY (self), NULL);

  return ensure_time (&self->not_after, self->row->not_after);
}

GDateTime *
cw_identity_get_revoked_at (CwIdentity *self)
{
  g_return_val_if_fail (CW_IS_IDENTITY (self), NULL);

  return ensure_time (&self->revoked_at, self->row->revoked_at);
}

CwServerCas
cw_identity_get_server_cas (CwIdentity *self)
{
  g_return_val_if_fail (CW_IS_IDENTITY (self), CW_SERVER_CAS_SYSTEM);

  return self->row->server_cas;
}

void
cw_identity_set_server_cas (CwIdentity *self, CwServerCas choice)
{
  g_return_if_fail (CW_IS_IDENTITY (self));

  if (self->row->server_cas == (int) choice)
    return;

  self->row->server_cas = choice;
  cw_identity_row_forget_test (self->row);
  note_change (self);
}

const char *
cw_identity_get_server_cas_pem (CwIdentity *self)
{
  g_return_val_if_fail (CW_IS_IDENTITY (self), NULL);

  return self->row->server_cas_pem;
}

void
cw_identity_set_server_cas_pem (CwIdentity *self, const char *pem)
{
  g_return_if_fail (CW_IS_IDENTITY (self));

  if (!cw_identity_row_replace (&self->row->server_cas_pem, pem))
    return;

  cw_identity_row_forget_test (self->row);
  note_change (self);
}

char *
cw_identity_dup_server_cas_pem (CwIdentity *self, GError **error)
{
  CwServerCas choice;
  char *pem = NULL;

  g_return_val_if_fail (CW_IS_IDENTITY (self), NULL);

  choice = cw_identity_get_server_cas (self);
  if (choice == CW_SERVER_CAS_FILE)
    pem = g_strdup (self->row->server_cas_pem);
  else if (choice == CW_SERVER_CAS_REPLY && cw_identity_get_chain (self))
    pem = cw_chain_cas_to_pem (cw_identity_get_chain (self));

  /* Instead of them, the system's would trust many more. */
  if (!pem && choice != CW_SERVER_CAS_SYSTEM)
    g_set_error_literal (error, CW_ERROR, CW_ERROR_FAILED,
                         _ ("The CAs that were chosen for the server are missing: no root "
                            "certificate came with this certificate, or no file was chosen. "
                            "Choose other CAs for the server."));
  return pem;
}

gboolean
cw_identity_get_verify_server (CwIdentity *self)
{
  g_return_val_if_fail (CW_IS_IDENTITY (self), TRUE);

  return self->row->verify_server;
}

void
cw_identity_set_verify_server (CwIdentity *self, gboolean verify)
{
  g_return_if_fail (CW_IS_IDENTITY (self));

  verify = !!verify;
  if (self->row->verify_server == verify)
    return;

  self->row->verify_server = verify;
  cw_identity_row_forget_test (self->row);
  note_change (self);
}

const char *
cw_identity_get_address (CwIdentity *self)
{
  g_return_val_if_fail (CW_IS_IDENTITY (self), NULL);

  return self->row->address;
}

void
cw_identity_set_address (CwIdentity *self, const char *address)
{
  g_return_if_fail (CW_IS_IDENTITY (self));

  if (!cw_identity_row_replace (&self->row->address, address))
    return;

  cw_identity_row_forget_test (self->row);
  note_change (self);
}

void
cw_identity_set_test (CwIdentity *self, const char *verdict, CwSeverity severity, GDateTime *at)
{
  g_return_if_fail (CW_IS_IDENTITY (self));
  g_return_if_fail (!verdict || at);

  cw_identity_row_forget_test (self->row);
  if (verdict)
    {
      self->row->test_verdict = g_strdup (verdict);
      self->row->test_severity = severity;
      self->row->tested_at = g_date_time_to_unix (at);
    }
  note_change (self);
}

const char *
cw_identity_get_test_verdict (CwIdentity *self)
{
  g_return_val_if_fail (CW_IS_IDENTITY (self), NULL);

  return self->row->test_verdict;
}

CwSeverity
cw_identity_get_test_severity (CwIdentity *self)
{
  g_return_val_if_fail (CW_IS_IDENTITY (self), CW_SEVERITY_GOOD);

  return CLAMP (self->row->test_severity, CW_SEVERITY_GOOD, CW_SEVERITY_PROBLEM);
}

char *
cw_identity_get_test_status (CwIdentity *self)
{
  g_autoptr (GDateTime) when = NULL;
  CwSeverity severity;
  g_autofree char *day = NULL;

  g_return_val_if_fail (CW_IS_IDENTITY (self), NULL);

  severity = cw_identity_get_test_severity (self);
  if (!self->row->tested_at)
    return NULL;

  when = g_date_time_new_from_unix_utc (self->row->tested_at);
  day = cw_date_format_day (when);
  /* Translators: how the connection test ended; %s is a day, as in "3 May 2027" */
  if (severity == CW_SEVERITY_PROBLEM)
    return g_strdup_printf (_ ("Did not work on %s"), day);
  if (severity == CW_SEVERITY_WARNING)
    return g_strdup_printf (_ ("Tested on %s, with a warning"), day);
  return g_strdup_printf (_ ("Worked on %s"), day);
}

const char *
cw_identity_get_replaced_by (CwIdentity *self)
{
  g_return_val_if_fail (CW_IS_IDENTITY (self), NULL);

  return self->row->replaced_by;
}

void
cw_identity_set_replaced_by (CwIdentity *self, const char *id)
{
  g_return_if_fail (CW_IS_IDENTITY (self));

  set_string (self, &self->row->replaced_by, id);
}

CwIdentityRow *
cw_identity_to_row (CwIdentity *self)
{
  CwIdentityRow *row;

  g_return_val_if_fail (CW_IS_IDENTITY (self), NULL);

  row = cw_identity_row_copy (self->row);
  g_free (row->title);
  row->title = known_title (self);
  if (self->request_changed || !row->request)
    {
      g_free (row->request);
      row->request = cw_request_to_text (cw_identity_get_request (self));
    }
  return row;
}

CwIdentity *
cw_identity_new_for_row (CwIdentityRow *row)
{
  CwIdentity *self;

  g_return_val_if_fail (row && row->id, NULL);

  self = g_object_new (CW_TYPE_IDENTITY, NULL);
  self->row = row;
  if (row->server_cas < CW_SERVER_CAS_SYSTEM || row->server_cas > CW_SERVER_CAS_FILE)
    row->server_cas = CW_SERVER_CAS_SYSTEM;
  if (row->signer < CW_SIGNER_CA || row->signer > CW_SIGNER_AUTHORITY)
    row->signer = CW_SIGNER_CA;
  return self;
}

void
cw_identity_apply (CwIdentity *self, const CwIdentityRow *changes)
{
  g_return_if_fail (CW_IS_IDENTITY (self));
  g_return_if_fail (changes);

  cw_identity_row_merge (self->row, changes);
  forget_parsed (self);
  emit_changed (self);
}

guint
cw_identity_get_n_changes (CwIdentity *self)
{
  g_return_val_if_fail (CW_IS_IDENTITY (self), 0);

  return self->n_changes;
}

void
cw_identity_note_saved (CwIdentity *self, guint n_changes)
{
  g_return_if_fail (CW_IS_IDENTITY (self));

  self->n_saved = n_changes;
}

void
cw_identity_apply_test (CwIdentity *self, const CwIdentityRow *row)
{
  g_return_if_fail (CW_IS_IDENTITY (self));
  g_return_if_fail (row);

  if (self->n_changes != self->n_saved || !cw_identity_row_has_other_test (self->row, row))
    return;

  cw_identity_row_replace (&self->row->address, row->address);
  cw_identity_row_replace (&self->row->server_cas_pem, row->server_cas_pem);
  cw_identity_row_replace (&self->row->test_verdict, row->test_verdict);
  self->row->server_cas = row->server_cas;
  self->row->verify_server = row->verify_server;
  self->row->test_severity = row->test_severity;
  self->row->tested_at = row->tested_at;
  emit_changed (self);
}

void
cw_identity_note_revocation (CwIdentity *self, const char *certificate_pem, gint64 revoked_at)
{
  g_return_if_fail (CW_IS_IDENTITY (self));
  g_return_if_fail (certificate_pem);

  if (g_strcmp0 (self->row->certificate, certificate_pem) != 0 ||
      self->row->revoked_at == revoked_at)
    return;

  self->row->revoked_at = revoked_at;
  g_clear_pointer (&self->revoked_at, g_date_time_unref);
  emit_changed (self);
}

gboolean
cw_identity_get_key_imported (CwIdentity *self)
{
  g_return_val_if_fail (CW_IS_IDENTITY (self), FALSE);

  return self->row->key_imported;
}
