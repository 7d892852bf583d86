/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "cw-openssl.h"
#include "cw-path.h"
#include "cw-usage.h"
#include "cw-verification.h"

/* No real chain comes near these; what does was made to keep us busy. */
#define MAX_LENGTH     32
#define MAX_NAMESAKES  256 /* CAs of one name whose signatures are tried */
#define MAX_SIGNATURES 512 /* all of them */
#define MAX_SEARCHES   256 /* certificates whose issuers are looked for */
#define MAX_STEPS      512 /* after which only the likeliest issuer is followed */
#define MAX_PATHS      64
#define MAX_ENDS       512   /* paths, kept or not */
#define MAX_LOOKS      16384 /* namesakes, after which only the first ones of a name are looked at */

/* Weaker signatures and keys are refused by OpenSSL in its default settings (security level 2). */
#define STRONG_BITS 112

/* A certificate on some path, and the step that it was reached from. */
typedef struct
{
  CwCertificate *certificate;
  guint below;
  guint length;
} Step;

typedef struct
{
  GPtrArray *certificates;
  gboolean verified; /* dates apart */
  guint n_invalid;   /* at the moment that is asked about */
  gboolean strong;   /* the signatures and keys */
  gboolean complete;
  guint reach; /* how far up the first objection is */
} Path;

typedef struct
{
  GPtrArray *candidates;
  GDateTime *at;
  CwVerificationFlags flags;
  GHashTable *names; /* X509_NAME → GArray of Namesake: what is known of each is found out once */
  GHashTable *issuers; /* of a certificate, the likeliest first: each pair is verified once */
  GArray *steps;
  GPtrArray *paths;
  guint n_signatures;
  guint n_looks;
  guint n_ends;
} Search;

/* A candidate of the right name, and what speaks for it. */
typedef struct
{
  CwCertificate *certificate;
  gboolean has_key_id; /* the one that is asked for, or none is */
  gboolean is_known;   /* whether the following was found out */
  gboolean is_valid;
  gboolean is_ca;
  gboolean is_root;
  gboolean signs;
} Namesake;

static void
path_free (Path *path)
{
  g_ptr_array_unref (path->certificates);
  g_free (path);
}

static gboolean
is_valid_at (CwCertificate *certificate, GDateTime *at)
{
  return g_date_time_compare (cw_certificate_get_not_before (certificate), at) <= 0 &&
         g_date_time_compare (at, cw_certificate_get_not_after (certificate)) <= 0;
}

/* By their encoding, which costs nothing; a CA writes its key in one way. */
static gboolean
has_same_key (CwCertificate *a, CwCertificate *b)
{
  X509 *one = cw_certificate_peek_x509 (a), *other = cw_certificate_peek_x509 (b);
  X509_ALGOR *kind, *other_kind;
  X509_PUBKEY_get0_param (NULL, NULL, NULL, &kind, X509_get_X509_PUBKEY (one));
  X509_PUBKEY_get0_param (NULL, NULL, NULL, &other_kind, X509_get_X509_PUBKEY (other));
  return ASN1_STRING_cmp (X509_get0_pubkey_bitstr (one), X509_get0_pubkey_bitstr (other)) == 0 &&
         X509_ALGOR_cmp (kind, other_kind) == 0;
}

/* Positive if @a is the newer one. */
static int
compare_age (CwCertificate *a, CwCertificate *b)
{
  int later =
      g_date_time_compare (cw_certificate_get_not_after (a), cw_certificate_get_not_after (b));
  return later != 0 ? later
                    : g_date_time_compare (cw_certificate_get_not_before (a),
                                           cw_certificate_get_not_before (b));
}

static int
compare_namesakes (gconstpointer a, gconstpointer b)
{
  const Namesake *one = a, *other = b;
  if (one->has_key_id != other->has_key_id)
    return other->has_key_id - one->has_key_id;
  if (one->is_valid != other->is_valid)
    return other->is_valid - one->is_valid;
  if (one->is_ca != other->is_ca)
    return other->is_ca - one->is_ca;
  /* A root ends the path; its cross-signed twin needs somebody else's root. */
  if (one->is_root != other->is_root)
    return other->is_root - one->is_root;
  return -compare_age (one->certificate, other->certificate);
}

static guint
hash_name (gconstpointer name)
{
  return (guint) X509_NAME_hash_ex (name, NULL, NULL, NULL);
}

static gboolean
equal_names (gconstpointer a, gconstpointer b)
{
  return X509_NAME_cmp (a, b) == 0;
}

static void
group_by_name (Search *self)
{
  for (guint i = 0; i < self->candidates->len; i++)
    {
      CwCertificate *candidate = g_ptr_array_index (self->candidates, i);
      const X509_NAME *name = cw_certificate_peek_subject_name (candidate);
      GArray *group = g_hash_table_lookup (self->names, name);
      if (group == NULL)
        {
          group = g_array_new (FALSE, TRUE, sizeof (Namesake));
          g_hash_table_insert (self->names, (gpointer) name, group);
        }
      Namesake namesake = { .certificate = candidate };
      g_array_append_val (group, namesake);
    }
}

static void
get_to_know (Search *self, Namesake *namesake)
{
  CwCertificate *candidate = namesake->certificate;
  if (namesake->is_known)
    return;
  /* X509_check_akid() only sees extensions that somebody has looked at before. */
  X509_get_extension_flags (cw_certificate_peek_x509 (candidate));
  namesake->is_valid = is_valid_at (candidate, self->at);
  namesake->is_ca = cw_certificate_is_ca (candidate);
  namesake->is_root = X509_NAME_cmp (cw_certificate_peek_subject_name (candidate),
                                     cw_certificate_peek_issuer_name (candidate)) == 0;
  namesake->is_known = TRUE;
}

static GArray *
find_namesakes (Search *self, CwCertificate *certificate)
{
  GArray *found = g_array_new (FALSE, FALSE, sizeof (Namesake));
  GArray *group = g_hash_table_lookup (self->names, cw_certificate_peek_issuer_name (certificate));
  if (group == NULL)
    return found;

  guint n = self->n_looks < MAX_LOOKS ? group->len : MIN (group->len, MAX_NAMESAKES);
  self->n_looks += n;
  AUTHORITY_KEYID *key_id = X509_get_ext_d2i (cw_certificate_peek_x509 (certificate),
                                              NID_authority_key_identifier, NULL, NULL);
  for (guint i = 0; i < n; i++)
    {
      Namesake *namesake = &g_array_index (group, Namesake, i);
      get_to_know (self, namesake);
      namesake->has_key_id =
          X509_check_akid (cw_certificate_peek_x509 (namesake->certificate), key_id) == X509_V_OK;
    }
  AUTHORITY_KEYID_free (key_id);
  g_array_append_vals (found, group->data, n);
  /* Stable, so that the same reply always gives the same path. */
  g_array_sort (found, compare_namesakes);
  return found;
}

/* Whether the signature verifies; a key that was tried already is not tried again. */
static gboolean
is_signed_by (Search *self, CwCertificate *certificate, GArray *namesakes, guint i)
{
  if (self->n_signatures >= MAX_SIGNATURES)
    return FALSE;

  Namesake *namesake = &g_array_index (namesakes, Namesake, i);
  for (guint j = 0; j < i; j++)
    {
      const Namesake *before = &g_array_index (namesakes, Namesake, j);
      if (has_same_key (before->certificate, namesake->certificate))
        return before->signs;
    }
  self->n_signatures++;
  return cw_certificate_is_issued_by (certificate, namesake->certificate);
}

static gboolean
contains (GPtrArray *certificates, CwCertificate *certificate)
{
  for (guint i = 0; i < certificates->len; i++)
    if (cw_certificate_equal (g_ptr_array_index (certificates, i), certificate))
      return TRUE;
  return FALSE;
}

static GPtrArray *
find_issuers (Search *self, CwCertificate *certificate)
{
  GPtrArray *issuers = g_hash_table_lookup (self->issuers, certificate);
  if (issuers != NULL)
    return issuers;

  issuers = g_ptr_array_new ();
  g_hash_table_insert (self->issuers, certificate, issuers);
  if (g_hash_table_size (self->issuers) > MAX_SEARCHES || self->n_signatures >= MAX_SIGNATURES)
    return issuers;

  g_autoptr (GArray) namesakes = find_namesakes (self, certificate);
  for (guint i = 0; i < MIN (namesakes->len, MAX_NAMESAKES); i++)
    {
      Namesake *namesake = &g_array_index (namesakes, Namesake, i);
      namesake->signs = is_signed_by (self, certificate, namesakes, i);
      if (namesake->signs && !contains (issuers, namesake->certificate))
        g_ptr_array_add (issuers, namesake->certificate);
    }
  return issuers;
}

/* A name and key that the path has been through already would make a loop (RFC 4158, 2.4.2). */
static gboolean
is_on_path (Search *self, guint position, CwCertificate *candidate)
{
  const X509_NAME *name = cw_certificate_peek_subject_name (candidate);
  for (;;)
    {
      const Step *step = &g_array_index (self->steps, Step, position);
      if (X509_NAME_cmp (name, cw_certificate_peek_subject_name (step->certificate)) == 0 &&
          has_same_key (candidate, step->certificate))
        return TRUE;
      if (step->length == 1)
        return FALSE;
      position = step->below;
    }
}

/* Adds the steps up from the one at @position; FALSE if the path ends there. */
static gboolean
climb (Search *self, guint position)
{
  const Step step = g_array_index (self->steps, Step, position);
  if (step.length >= MAX_LENGTH || cw_certificate_is_self_signed (step.certificate))
    return FALSE;

  gboolean climbed = FALSE;
  GPtrArray *issuers = find_issuers (self, step.certificate);
  for (guint i = 0; i < issuers->len && !(climbed && self->steps->len >= MAX_STEPS); i++)
    {
      CwCertificate *issuer = g_ptr_array_index (issuers, i);
      if (is_on_path (self, position, issuer))
        continue;
      Step next = { issuer, position, step.length + 1 };
      g_array_append_val (self->steps, next);
      climbed = TRUE;
    }
  return climbed;
}

/* A root's own signature is never looked at by anybody, its key is. */
static gboolean
is_strong (CwCertificate *certificate)
{
  int bits = 0;
  X509 *x509 = cw_certificate_peek_x509 (certificate);
  EVP_PKEY *pkey = X509_get0_pubkey (x509);
  if (pkey != NULL && EVP_PKEY_get_security_bits (pkey) < STRONG_BITS)
    return FALSE;
  return X509_get_signature_info (x509, NULL, NULL, &bits, NULL) != 1 || bits >= STRONG_BITS ||
         cw_certificate_is_self_signed (certificate);
}

/* Where there are too many, one up to a root takes the place of one that stops on the way. */
static void
keep_path (Search *self, Path *path)
{
  for (guint i = self->paths->len; self->paths->len >= MAX_PATHS && path->complete && i > 0; i--)
    {
      const Path *other = g_ptr_array_index (self->paths, i - 1);
      if (!other->complete)
        g_ptr_array_remove_index (self->paths, i - 1);
    }
  if (self->paths->len < MAX_PATHS)
    g_ptr_array_add (self->paths, path);
  else
    path_free (path);
}

static void
add_path (Search *self, guint position)
{
  Path *path = g_new0 (Path, 1);
  const Step *step = &g_array_index (self->steps, Step, position);
  path->complete = cw_certificate_is_self_signed (step->certificate);
  path->strong = TRUE;
  path->certificates = g_ptr_array_new_full (step->length, g_object_unref);
  g_ptr_array_set_size (path->certificates, (int) step->length);
  for (guint i = step->length; i > 0; i--)
    {
      path->certificates->pdata[i - 1] = g_object_ref (step->certificate);
      path->n_invalid += is_valid_at (step->certificate, self->at) ? 0 : 1;
      path->strong = path->strong && is_strong (step->certificate);
      step = &g_array_index (self->steps, Step, step->below);
    }
  keep_path (self, path);
}

/* Who may only serve is judged as a server's, everybody else as a client's: any usage may be meant
 * for one. The signatures were verified on the way. */
static CwVerificationFlags
choose_flags (CwCertificate *leaf)
{
  const char *const *usages = cw_certificate_get_usages (leaf);
  const gboolean only_serves =
      cw_usages_only_serve (usages) && !g_strv_contains (usages, CW_USAGE_ANY);

  return CW_VERIFICATION_KNOWN_SIGNATURES | (only_serves ? CW_VERIFICATION_SERVER : 0);
}

static void
judge_path (Search *self, Path *path)
{
  g_autoptr (GArray) objections = cw_verification_run (path->certificates, NULL, self->flags);
  path->verified = objections->len == 0;
  path->reach = G_MAXUINT;
  for (guint i = 0; i < objections->len; i++)
    path->reach = MIN (path->reach, g_array_index (objections, CwVerification, i).depth);
}

/* Of equals the first one is kept: the shorter, and then that of the likelier issuers. */
static gboolean
is_better (const Path *a, const Path *b)
{
  gboolean passes_a = a->verified && a->n_invalid == 0 && a->strong;
  gboolean passes_b = b->verified && b->n_invalid == 0 && b->strong;
  if (passes_a != passes_b)
    return passes_a;
  if (a->verified != b->verified)
    return a->verified;
  if (a->complete != b->complete)
    return a->complete;
  if (a->reach != b->reach)
    return a->reach > b->reach;
  return a->n_invalid < b->n_invalid;
}

/* Shorter paths come first, as every step is followed before those above it. */
static void
find_paths (Search *self, CwCertificate *leaf)
{
  Step first = { leaf, 0, 1 };
  g_array_append_val (self->steps, first);
  for (guint i = 0; i < self->steps->len && self->n_ends < MAX_ENDS; i++)
    if (!climb (self, i))
      {
        add_path (self, i);
        self->n_ends++;
      }
}

static const Path *
choose_path (Search *self)
{
  Path *best = g_ptr_array_index (self->paths, 0);
  if (self->paths->len == 1)
    return best;

  judge_path (self, best);
  for (guint i = 1; i < self->paths->len; i++)
    {
      Path *path = g_ptr_array_index (self->paths, i);
      judge_path (self, path);
      if (is_better (path, best))
        best = path;
    }
  return best;
}

GPtrArray *
cw_path_find (CwCertificate *leaf, GPtrArray *candidates, GDateTime *at, guint *n_signatures)
{
  g_return_val_if_fail (CW_IS_CERTIFICATE (leaf), NULL);
  g_return_val_if_fail (at != NULL, NULL);

  g_autoptr (GPtrArray) nobody = g_ptr_array_new ();
  g_autoptr (GHashTable) names =
      g_hash_table_new_full (hash_name, equal_names, NULL, (GDestroyNotify) g_array_unref);
  g_autoptr (GHashTable) issuers =
      g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify) g_ptr_array_unref);
  g_autoptr (GArray) steps = g_array_new (FALSE, FALSE, sizeof (Step));
  g_autoptr (GPtrArray) paths = g_ptr_array_new_with_free_func ((GDestroyNotify) path_free);
  Search search = {
    .candidates = candidates != NULL ? candidates : nobody,
    .at = at,
    .flags = choose_flags (leaf),
    .names = names,
    .issuers = issuers,
    .steps = steps,
    .paths = paths,
  };

  ERR_clear_error ();
  group_by_name (&search);
  find_paths (&search, leaf);
  const Path *best = choose_path (&search);
  ERR_clear_error ();
  if (n_signatures != NULL)
    *n_signatures = search.n_signatures;
  return g_ptr_array_ref (best->certificates);
}
