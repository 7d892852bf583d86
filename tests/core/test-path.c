/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The pictures of RFC 4158, the rules of RFC 5280, section 6, and branches of
 * which only one is any good, as BetterTLS has them. A certificate is called
 * "subject<issuer"; "name:key" is a name with another key than its usual one.
 */

#include "config.h"

#include <string.h>

#include <openssl/rsa.h>

#include "cw-openssl.h"
#include "cw-path.h"
#include "cw-verification.h"
#include "pki.h"

typedef struct
{
  GHashTable *keys;    /* text → CwKey */
  GHashTable *signers; /* text → CwCertificate, to sign with; not a candidate */
  GHashTable *labels;  /* CwCertificate → text */
  GPtrArray *candidates;
  CwCertificate *leaf;
  GDateTime *now;
} World;

static void
set_up (World *self, gconstpointer data)
{
  self->keys =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) cw_key_unref);
  self->signers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_object_unref);
  self->labels = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  self->candidates = g_ptr_array_new_with_free_func (g_object_unref);
  self->now = g_date_time_new_now_utc ();
}

static void
tear_down (World *self, gconstpointer data)
{
  g_hash_table_unref (self->keys);
  g_hash_table_unref (self->signers);
  g_hash_table_unref (self->labels);
  g_ptr_array_unref (self->candidates);
  g_clear_object (&self->leaf);
  g_date_time_unref (self->now);
}

static CwKey *
get_key (World *self, const char *entity)
{
  const char *colon = strchr (entity, ':');
  const char *id = colon != NULL ? colon + 1 : entity;
  CwKey *key = g_hash_table_lookup (self->keys, id);
  if (key == NULL)
    {
      key = cw_key_generate (CW_KEY_KIND_EC_P256, NULL, NULL);
      g_hash_table_insert (self->keys, g_strdup (id), key);
    }
  return key;
}

static char *
get_name (const char *entity)
{
  return g_strndup (entity, strcspn (entity, ":"));
}

static CwCertificate *
get_signer (World *self, const char *entity)
{
  CwCertificate *signer = g_hash_table_lookup (self->signers, entity);
  if (signer == NULL)
    {
      g_autofree char *name = get_name (entity);
      signer = pki_make (&(PkiSpec){
          .name = name, .key = get_key (self, entity), .extensions = pki_ca_extensions });
      g_hash_table_insert (self->signers, g_strdup (entity), signer);
    }
  return signer;
}

static CwCertificate *
make (World *self, const char *label, PkiSpec spec)
{
  g_auto (GStrv) parts = g_strsplit (label, "<", 2);
  g_autofree char *name = get_name (parts[0]);
  spec.name = name;
  spec.key = get_key (self, parts[0]);
  spec.issuer = get_signer (self, parts[1]);
  spec.issuer_key = get_key (self, parts[1]);
  return pki_make (&spec);
}

/* A CA's certificate among the candidates, in some way unusual. */
static CwCertificate *
add_special (World *self, const char *label, PkiSpec spec)
{
  if (spec.extensions == NULL)
    spec.extensions = pki_ca_extensions;
  CwCertificate *certificate = make (self, label, spec);
  g_ptr_array_add (self->candidates, certificate);
  g_hash_table_insert (self->labels, certificate, g_strdup (label));
  return certificate;
}

/* Usual ones, "B<A A<A". */
static void
add (World *self, const char *labels)
{
  g_auto (GStrv) all = g_strsplit (labels, " ", -1);
  for (guint i = 0; all[i] != NULL; i++)
    add_special (self, all[i], (PkiSpec){ 0 });
}

static void
set_special_leaf (World *self, const char *label, const char *const *extensions)
{
  g_clear_object (&self->leaf);
  self->leaf = make (self, label, (PkiSpec){ .extensions = extensions });
  g_hash_table_insert (self->labels, self->leaf, g_strdup (label));
}

static void
set_leaf (World *self, const char *label)
{
  set_special_leaf (self, label, pki_client_extensions);
}

static char *
find (World *self, guint *n_signatures)
{
  g_autoptr (GPtrArray) path = cw_path_find (self->leaf, self->candidates, self->now, n_signatures);
  GString *text = g_string_new (NULL);
  for (guint i = 0; i < path->len; i++)
    {
      const char *label = g_hash_table_lookup (self->labels, g_ptr_array_index (path, i));
      g_assert_nonnull (label);
      g_string_append_printf (text, i == 0 ? "%s" : " %s", label);
    }
  return g_string_free (text, FALSE);
}

static void
reverse (GPtrArray *array)
{
  for (guint i = 0; i < array->len / 2; i++)
    {
      gpointer other = array->pdata[array->len - 1 - i];
      array->pdata[array->len - 1 - i] = array->pdata[i];
      array->pdata[i] = other;
    }
}

/* Whatever order the candidates come in, this is the path. */
static void
assert_path (World *self, const char *wanted)
{
  for (guint i = 0; i < 2 * self->candidates->len + 1; i++)
    {
      g_autofree char *path = find (self, NULL);
      g_assert_cmpstr (path, ==, wanted);
      if (i == self->candidates->len)
        reverse (self->candidates);
      else if (self->candidates->len > 1)
        g_ptr_array_add (self->candidates, g_ptr_array_steal_index (self->candidates, 0));
    }
}

/* What OpenSSL objects to in the path that is found; 0 for nothing. */
static void
assert_code (World *self, int code)
{
  g_autoptr (GPtrArray) path = cw_path_find (self->leaf, self->candidates, self->now, NULL);
  g_autoptr (GArray) objections = cw_verification_run (path, self->now, CW_VERIFICATION_DATES);
  if (code == 0)
    g_assert_cmpuint (objections->len, ==, 0);
  else
    g_assert_cmpint (g_array_index (objections, CwVerification, 0).code, ==, code);
}

static void
test_hierarchy (World *self, gconstpointer data)
{
  set_leaf (self, "leaf<C");
  assert_path (self, "leaf<C");
  add (self, "B<A");
  assert_path (self, "leaf<C"); /* a gap is not jumped over */
  add (self, "C<B");
  assert_path (self, "leaf<C C<B B<A");
  add (self, "A<A X<X Y<X leaf<Y");
  assert_path (self, "leaf<C C<B B<A A<A");
  assert_code (self, 0);
}

static void
test_duplicates (World *self, gconstpointer data)
{
  set_leaf (self, "leaf<B");
  add (self, "B<A A<A");
  for (guint i = 0; i < 2; i++)
    {
      CwCertificate *original = g_ptr_array_index (self->candidates, i);
      CwCertificate *twin = cw_certificate_new_from_der (cw_certificate_get_der (original), NULL);
      g_ptr_array_add (self->candidates, twin);
      g_hash_table_insert (self->labels, twin,
                           g_strdup (g_hash_table_lookup (self->labels, original)));
    }
  g_ptr_array_add (self->candidates, g_object_ref (self->leaf));
  assert_path (self, "leaf<B B<A A<A");
}

static void
test_namesakes (World *self, gconstpointer data)
{
  set_leaf (self, "leaf<B");
  add (self, "B:other<A B:another<B:another A:other<A:other");
  assert_path (self, "leaf<B");
  add (self, "B<A A<A");
  assert_path (self, "leaf<B B<A A<A");
  assert_code (self, 0);
}

static void
test_self_signed (World *self, gconstpointer data)
{
  self->leaf = pki_make (
      &(PkiSpec){ .name = "A", .key = get_key (self, "A"), .extensions = pki_client_extensions });
  g_hash_table_insert (self->labels, self->leaf, g_strdup ("itself"));
  add (self, "A<A A<B B<B");
  assert_path (self, "itself");
}

/* RFC 4158, 1.4.3: two hierarchies that a bridge joins. */
static void
test_bridge (World *self, gconstpointer data)
{
  set_leaf (self, "leaf<C");
  add (self, "C<P P<X X<P X<Q Q<X Q<Q D<Q");
  assert_path (self, "leaf<C C<P P<X X<Q Q<Q");
  assert_code (self, 0);
  add (self, "P<P");
  assert_path (self, "leaf<C C<P P<P");
}

/* RFC 4158, 1.4.2: everybody certifies everybody, and somewhere there is a root. */
static void
test_mesh (World *self, gconstpointer data)
{
  set_leaf (self, "leaf<A");
  add (self, "A<B B<A A<C C<A A<D D<A B<C C<B B<D D<B C<D D<C");
  g_autofree char *endless = find (self, NULL);
  g_assert_true (g_str_has_prefix (endless, "leaf<A A<"));
  assert_code (self, 0);
  add (self, "D<D");
  assert_path (self, "leaf<A A<D D<D");
}

static void
test_loop (World *self, gconstpointer data)
{
  set_leaf (self, "leaf<B");
  add (self, "A<B B<A");
  assert_path (self, "leaf<B B<A A<B");
  add (self, "A<A");
  assert_path (self, "leaf<B B<A A<A");
}

/* RFC 4210, 4.4 and RFC 4158, 2.3: a root changes its key. */
static void
test_rollover (World *self, gconstpointer data)
{
  set_leaf (self, "leaf<R:new");
  add (self, "R:old<R:old");
  assert_path (self, "leaf<R:new");
  add (self, "R:new<R:old R:old<R:new");
  assert_path (self, "leaf<R:new R:new<R:old R:old<R:old");
  assert_code (self, 0);

  set_leaf (self, "leaf<R:old");
  assert_path (self, "leaf<R:old R:old<R:old");
  g_ptr_array_remove_index (self->candidates, 0);
  assert_path (self, "leaf<R:old R:old<R:new R:new<R:old");

  add (self, "R:new<R:new");
  assert_path (self, "leaf<R:old R:old<R:new R:new<R:new");
  assert_code (self, 0);
  set_leaf (self, "leaf<R:new");
  assert_path (self, "leaf<R:new R:new<R:new");
}

/* A CA that was renamed and kept its key. */
static void
test_same_key (World *self, gconstpointer data)
{
  set_leaf (self, "leaf<New:k");
  add (self, "Old:k<A A<A");
  assert_path (self, "leaf<New:k");
  add (self, "New:k<Old:k");
  assert_path (self, "leaf<New:k New:k<Old:k Old:k<A A<A");
  assert_code (self, 0);
}

static void
test_reissued (World *self, gconstpointer data)
{
  set_leaf (self, "leaf<B");
  add (self, "A<A");
  CwCertificate *expired = add_special (self, "B<A", (PkiSpec){ .starts = -800, .ends = -400 });
  assert_path (self, "leaf<B B<A A<A");
  assert_code (self, X509_V_ERR_CERT_HAS_EXPIRED);
  g_hash_table_insert (self->labels, expired, g_strdup ("expired"));

  CwCertificate *future = add_special (self, "B<A", (PkiSpec){ .starts = 5, .ends = 4000 });
  g_hash_table_insert (self->labels, future, g_strdup ("future"));
  add (self, "B<A");
  assert_path (self, "leaf<B B<A A<A");
  assert_code (self, 0);

  /* Of two that are valid the newer one. */
  CwCertificate *longer = add_special (self, "B<A", (PkiSpec){ .starts = -3, .ends = 3000 });
  g_hash_table_insert (self->labels, longer, g_strdup ("longer"));
  assert_path (self, "leaf<B longer A<A");

  /* At another moment it is another one that is valid. */
  g_autoptr (GDateTime) then = g_date_time_add_days (self->now, -500);
  g_date_time_unref (self->now);
  self->now = g_steal_pointer (&then);
  g_autofree char *path = find (self, NULL);
  g_assert_nonnull (strstr (path, "expired"));
}

/* A root that expired, beside its cross-signed twin: what broke many servers in May 2020. */
static void
test_expired_root (World *self, gconstpointer data)
{
  set_leaf (self, "leaf<B");
  add (self, "B<U U<T");
  add_special (self, "T<T", (PkiSpec){ .starts = -4000, .ends = -10 });
  assert_path (self, "leaf<B B<U U<T T<T");
  assert_code (self, X509_V_ERR_CERT_HAS_EXPIRED);
  add (self, "U<W"); /* whose root the server has to know */
  assert_path (self, "leaf<B B<U U<W");
  assert_code (self, 0);
  add (self, "U<U");
  assert_path (self, "leaf<B B<U U<U");
  assert_code (self, 0);
}

/* Where the leaf itself is not valid, those above it can still be. */
static void
test_fewer_expired (World *self, gconstpointer data)
{
  g_autoptr (GDateTime) then = g_date_time_add_days (self->now, -500);
  g_date_time_unref (self->now);
  self->now = g_steal_pointer (&then);
  set_leaf (self, "leaf<B");
  add_special (self, "B<P", (PkiSpec){ .starts = -800, .ends = 900 });
  add_special (self, "P<R", (PkiSpec){ .starts = -800, .ends = -600 });
  add_special (self, "R<R", (PkiSpec){ .starts = -800, .ends = 800 });
  assert_path (self, "leaf<B B<P P<R R<R");
  add_special (self, "B<Q", (PkiSpec){ .starts = -800, .ends = 800 });
  add_special (self, "Q<R", (PkiSpec){ .starts = -800, .ends = 800 });
  assert_path (self, "leaf<B B<Q Q<R R<R");
}

static void
test_weak_root (World *self, gconstpointer data)
{
  set_leaf (self, "leaf<B");
  add_special (self, "B<Old", (PkiSpec){ .hash = EVP_sha1 () });
  add (self, "Old<Old");
  assert_path (self, "leaf<B B<Old Old<Old");
  add (self, "B<W");
  assert_path (self, "leaf<B B<W");
}

/* The shorter one, though the longer is newer, and longer valid. */
static void
test_shorter (World *self, gconstpointer data)
{
  set_leaf (self, "leaf<B");
  add (self, "R<R C<R");
  add_special (self, "B<C", (PkiSpec){ .starts = -1, .ends = 4000 });
  assert_path (self, "leaf<B B<C C<R R<R");
  add (self, "B<R");
  assert_path (self, "leaf<B B<R R<R");
}

/* Two branches up from “B”: by “Bad”, which has the fault, and longer by “Good”. */
static void
assert_avoided (World *self, const char *const *extensions, PkiSpec fault, int code)
{
  set_leaf (self, "leaf<B");
  fault.extensions = extensions;
  add (self, "B<Bad R<R");
  add_special (self, "Bad<R", fault);
  assert_path (self, "leaf<B B<Bad Bad<R R<R");
  if (code != 0)
    assert_code (self, code);
  add (self, "B<Good Good<Better Better<R");
  assert_path (self, "leaf<B B<Good Good<Better Better<R R<R");
  assert_code (self, 0);
}

#define CA   "basicConstraints", "critical,CA:TRUE", "subjectKeyIdentifier", "hash"
#define SIGN "keyUsage", "critical,keyCertSign,cRLSign"

static void
test_branches (World *self, gconstpointer data)
{
  static const struct
  {
    const char *extensions[9];
    int code;
  } faults[] = {
    { { "basicConstraints", "critical,CA:TRUE,pathlen:0", SIGN }, X509_V_ERR_PATH_LENGTH_EXCEEDED },
    { { CA, SIGN, "nameConstraints", "critical,permitted;email:example.org" },
      X509_V_ERR_PERMITTED_VIOLATION },
    { { CA, SIGN, "nameConstraints", "critical,excluded;email:example.com" },
      X509_V_ERR_EXCLUDED_VIOLATION },
    { { "basicConstraints", "critical,CA:FALSE" }, X509_V_ERR_INVALID_CA },
    { { "subjectKeyIdentifier", "hash" }, X509_V_ERR_INVALID_CA },
    { { CA, "keyUsage", "critical,cRLSign" }, X509_V_ERR_KEYUSAGE_NO_CERTSIGN },
    { { CA, SIGN, "extendedKeyUsage", "serverAuth" }, X509_V_ERR_INVALID_PURPOSE },
    { { CA, SIGN, "1.2.3.4", "critical,DER:05:00" }, X509_V_ERR_UNHANDLED_CRITICAL_EXTENSION },
  };

  for (guint i = 0; i < G_N_ELEMENTS (faults); i++)
    {
      World world = { 0 };
      set_up (&world, NULL);
      assert_avoided (&world, faults[i].extensions, (PkiSpec){ 0 }, faults[i].code);
      tear_down (&world, NULL);
    }

  /* Nothing OpenSSL's check objects to here, but servers of today do. */
  assert_avoided (self, pki_ca_extensions, (PkiSpec){ .hash = EVP_sha1 () }, 0);
}

static void
test_weak_branch (World *self, gconstpointer data)
{
  g_autoptr (EVP_PKEY) weak = EVP_RSA_gen (1024);
  g_hash_table_insert (self->keys, g_strdup ("Bad"), cw_key_new_for_pkey (weak));
  assert_avoided (self, pki_ca_extensions, (PkiSpec){ 0 }, 0);
}

static void
test_expired_branch (World *self, gconstpointer data)
{
  assert_avoided (self, pki_ca_extensions, (PkiSpec){ .starts = -800, .ends = -400 },
                  X509_V_ERR_CERT_HAS_EXPIRED);
}

/* A CA that may not issue for servers, and one that may: each leaf gets the other's path. */
static void
test_purpose (World *self, gconstpointer data)
{
  static const char *const for_clients[] = { CA, SIGN, "extendedKeyUsage", "clientAuth", NULL };
  static const char *const server[] = { "extendedKeyUsage", "serverAuth", NULL };
  static const char *const both[] = { "extendedKeyUsage", "serverAuth,clientAuth", NULL };

  set_leaf (self, "leaf<B");
  add (self, "B<P R<R B<Q Q<S S<R");
  add_special (self, "P<R", (PkiSpec){ .extensions = for_clients });
  assert_path (self, "leaf<B B<P P<R R<R");
  set_special_leaf (self, "leaf<B", both);
  assert_path (self, "leaf<B B<P P<R R<R");
  set_special_leaf (self, "leaf<B", server);
  assert_path (self, "leaf<B B<Q Q<S S<R R<R");
}

/* The constraints of RFC 5280 that do not bite here. */
static void
test_constraints_kept (World *self, gconstpointer data)
{
  static const char *const narrow[] = { CA, SIGN, "nameConstraints",
                                        "critical,permitted;email:example.com", NULL };
  static const char *const longest[] = { "basicConstraints", "critical,CA:TRUE,pathlen:1", SIGN,
                                         NULL };
  static const char *const policies[] = { CA, SIGN, "policyConstraints",
                                          "critical,requireExplicitPolicy:0", NULL };
  set_leaf (self, "leaf<D");
  add (self, "D<C");
  add_special (self, "C<B", (PkiSpec){ .extensions = narrow });
  add_special (self, "B<A", (PkiSpec){ .extensions = longest });
  add_special (self, "A<A", (PkiSpec){ .extensions = policies });
  assert_path (self, "leaf<D D<C C<B B<A A<A");
  assert_code (self, X509_V_ERR_PATH_LENGTH_EXCEEDED);

  /* A certificate of a CA for itself is not counted (RFC 5280, 6.1.4 l). */
  g_ptr_array_set_size (self->candidates, 0);
  set_leaf (self, "leaf<C:new");
  add (self, "C:new<C");
  add_special (self, "C<B", (PkiSpec){ .extensions = narrow });
  add_special (self, "B<A", (PkiSpec){ .extensions = longest });
  add_special (self, "A<A", (PkiSpec){ .extensions = policies });
  assert_path (self, "leaf<C:new C:new<C C<B B<A A<A");
  assert_code (self, 0); /* and no policy is asked for */
}

/* When nothing verifies, the one that is refused farthest up. */
static void
test_least_bad (World *self, gconstpointer data)
{
  static const char *const no_ca[] = { "basicConstraints", "critical,CA:FALSE", NULL };
  set_leaf (self, "leaf<C");
  add_special (self, "C<P", (PkiSpec){ .extensions = no_ca });
  add (self, "P<P C<Q");
  add_special (self, "Q<S", (PkiSpec){ .extensions = no_ca });
  add (self, "S<S");
  assert_path (self, "leaf<C C<Q Q<S S<S");
  assert_code (self, X509_V_ERR_INVALID_CA);
  /* That it expired is a smaller fault than that it may not be there. */
  add_special (self, "C<W", (PkiSpec){ .starts = -800, .ends = -400 });
  assert_path (self, "leaf<C C<W");
}

/* Key identifiers are hints (RFC 4158, 3.5.12): one that is wrong hides nothing. */
static void
test_key_ids (World *self, gconstpointer data)
{
  static const char *const odd[] = { "basicConstraints",     "critical,CA:TRUE", SIGN,
                                     "subjectKeyIdentifier", "01:02:03",         NULL };
  set_leaf (self, "leaf<B");
  add (self, "A<A");
  CwCertificate *other = add_special (self, "B<A", (PkiSpec){ .extensions = odd });
  assert_path (self, "leaf<B B<A A<A");
  assert_code (self, X509_V_ERR_AKID_SKID_MISMATCH);
  g_hash_table_insert (self->labels, other, g_strdup ("odd"));
  add (self, "B<A");
  assert_path (self, "leaf<B B<A A<A");
  assert_code (self, 0);
}

/* Each pair is verified once, and strangers cost no signature. */
static void
test_frugal (World *self, gconstpointer data)
{
  guint n_signatures = 99;
  set_leaf (self, "leaf<C");
  add (self, "C<B B<A A<A");
  for (guint i = 0; i < 300; i++)
    {
      g_autofree char *stranger = g_strdup_printf ("S%u:s<S%u:s", i, i);
      add (self, stranger);
    }
  g_autofree char *path = find (self, &n_signatures);
  g_assert_cmpstr (path, ==, "leaf<C C<B B<A A<A");
  g_assert_cmpuint (n_signatures, ==, 3);

  /* The key identifier finds the right one of many of that name. */
  for (guint i = 0; i < 300; i++)
    {
      g_autofree char *namesake = g_strdup_printf ("C:%u<B", i);
      add (self, namesake);
    }
  g_autofree char *again = find (self, &n_signatures);
  g_assert_cmpstr (again, ==, "leaf<C C<B B<A A<A");
  g_assert_cmpuint (n_signatures, <=, 2 + 256);
  g_ptr_array_set_size (self->candidates, (int) self->candidates->len - 1);
  reverse (self->candidates);
  g_autofree char *last = find (self, NULL);
  g_assert_cmpstr (last, ==, "leaf<C C<B B<A A<A");
}

/* Whatever was made to keep us busy comes to an end, with something to show. */
static void
test_bounded (World *self, gconstpointer data)
{
  guint n_signatures = 0;
  set_leaf (self, "leaf<M0");
  for (guint i = 0; i < 12; i++)
    for (guint j = 0; j < 12; j++)
      if (i != j)
        {
          g_autofree char *cross = g_strdup_printf ("M%u<M%u", i, j);
          add (self, cross);
        }
  add (self, "M11<M11");
  g_autofree char *path = find (self, &n_signatures);
  g_assert_cmpstr (path, ==, "leaf<M0 M0<M11 M11<M11");
  g_assert_cmpuint (n_signatures, <=, 12 * 12 + 1);

  g_ptr_array_set_size (self->candidates, 0);
  set_leaf (self, "leaf<L0");
  for (guint i = 0; i < 40; i++)
    {
      g_autofree char *next = g_strdup_printf ("L%u<L%u", i, i + 1);
      add (self, next);
    }
  g_autoptr (GPtrArray) tower = cw_path_find (self->leaf, self->candidates, self->now, NULL);
  g_assert_cmpuint (tower->len, ==, 32);
}

/* However many stop on the way, the one that does not is found. */
static void
test_many_stop (World *self, gconstpointer data)
{
  set_leaf (self, "leaf<B");
  for (guint i = 0; i < 70; i++)
    {
      g_autofree char *stops = g_strdup_printf ("B<Unknown%u:u", i);
      add (self, stops);
    }
  add (self, "B<C C<D D<D");
  g_autofree char *path = find (self, NULL);
  g_assert_cmpstr (path, ==, "leaf<B B<C C<D D<D");
  reverse (self->candidates);
  g_autofree char *again = find (self, NULL);
  g_assert_cmpstr (again, ==, "leaf<B B<C C<D D<D");
}

#define ADD(path, function) g_test_add ("/path/" path, World, NULL, set_up, function, tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ADD ("hierarchy", test_hierarchy);
  ADD ("duplicates", test_duplicates);
  ADD ("namesakes", test_namesakes);
  ADD ("self-signed", test_self_signed);
  ADD ("bridge", test_bridge);
  ADD ("mesh", test_mesh);
  ADD ("loop", test_loop);
  ADD ("rollover", test_rollover);
  ADD ("same-key", test_same_key);
  ADD ("reissued", test_reissued);
  ADD ("expired-root", test_expired_root);
  ADD ("fewer-expired", test_fewer_expired);
  ADD ("weak-root", test_weak_root);
  ADD ("shorter", test_shorter);
  ADD ("branches", test_branches);
  ADD ("weak-branch", test_weak_branch);
  ADD ("expired-branch", test_expired_branch);
  ADD ("purpose", test_purpose);
  ADD ("constraints-kept", test_constraints_kept);
  ADD ("least-bad", test_least_bad);
  ADD ("key-ids", test_key_ids);
  ADD ("frugal", test_frugal);
  ADD ("bounded", test_bounded);
  ADD ("many-stop", test_many_stop);
  return g_test_run ();
}
