/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What taking a reply apart costs, in turns with what it is compared with:
 *
 *   inspect bundle ROUNDS FILE        against PEM_read_bio_X509() over the same bytes
 *   inspect many ROUNDS COUNT [FILE]  per certificate, COUNT against those of FILE, or
 *                                     against 140 of the same kind
 *   inspect text ROUNDS FILE          against memchr() over the same bytes
 *   inspect memory FILE               how much more memory it has needed at most
 *   inspect make-bundle FILE BUNDLE   writes BUNDLE with a leaf and its chain behind it
 *   inspect make-text FILE MIB        writes text with one certificate at its end
 *
 * Prints "OURS OTHER" for each round, in microseconds of CPU; "PEAK SIZE" in KiB
 * for the memory.
 */

#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cw-openssl.h"
#include "cw-reply.h"
#include "cw-report.h"
#include "pki.h"

#define FEW   140
#define CHAIN 3

/* What is inspected: its bytes, and whose certificate is looked for. */
typedef struct
{
  GBytes *bytes;
  char *fingerprint; /* (nullable) */
} Reply;

typedef double (*Work) (const Reply *reply);

static void
reply_clear (Reply *self)
{
  g_clear_pointer (&self->bytes, g_bytes_unref);
  g_clear_pointer (&self->fingerprint, g_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Reply, reply_clear)

static double
cpu_microseconds (void)
{
  struct timespec now;

  clock_gettime (CLOCK_PROCESS_CPUTIME_ID, &now);
  return (double) now.tv_sec * 1e6 + (double) now.tv_nsec / 1e3;
}

static GBytes *
read_file (const char *path)
{
  g_autoptr (GError) error = NULL;
  char *content = NULL;
  gsize size;

  if (!g_file_get_contents (path, &content, &size, &error))
    g_error ("%s", error->message);
  return g_bytes_new_take (content, size);
}

static void
write_file (const char *path, GString *text)
{
  g_autoptr (GError) error = NULL;

  if (!g_file_set_contents (path, text->str, (gssize) text->len, &error))
    g_error ("%s", error->message);
}

static void
append_pem (GString *text, CwCertificate *certificate)
{
  g_autofree char *pem = cw_certificate_to_pem (certificate);

  g_string_append (text, pem);
}

static void
append_chain (GString *text, Pki *pki)
{
  append_pem (text, pki->leaf);
  append_pem (text, pki->middle);
  append_pem (text, pki->root);
}

/* The last certificate but two is the leaf: what make_bundle() has put there. */
static char *
find_fingerprint (GBytes *bytes)
{
  g_autoptr (CwReply) reply = cw_reply_new ();

  cw_reply_add_bytes (reply, bytes, "file");
  g_autoptr (GPtrArray) certificates = cw_reply_get_certificates (reply);
  if (certificates->len < CHAIN)
    return NULL;
  return g_strdup (cw_certificate_get_key_fingerprint (
      g_ptr_array_index (certificates, certificates->len - CHAIN)));
}

static Reply
read_reply (const char *path)
{
  GBytes *bytes = read_file (path);

  return (Reply){ .bytes = bytes, .fingerprint = find_fingerprint (bytes) };
}

/* @n certificates: a chain, and the rest from its root for one key. */
static Reply
make_many (guint n)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (CwKey) key = cw_key_generate (CW_KEY_KIND_EC_P256, NULL, NULL);
  Pki pki;

  pki_init (&pki);
  for (guint i = CHAIN; i < n; i++)
    {
      g_autofree char *name = g_strdup_printf ("device-%u.example.com", i);
      g_autoptr (CwCertificate) certificate =
          pki_make (&(PkiSpec){ .name = name,
                                .key = key,
                                .issuer = pki.root,
                                .issuer_key = pki.root_key,
                                .extensions = pki_client_extensions });
      append_pem (text, certificate);
    }
  append_chain (text, &pki);
  char *fingerprint = g_strdup (cw_certificate_get_key_fingerprint (pki.leaf));
  pki_clear (&pki);
  return (Reply){ .bytes = g_string_free_to_bytes (g_steal_pointer (&text)),
                  .fingerprint = fingerprint };
}

/* All that `inspect` does; returns how many certificates there were. */
static double
inspect (const Reply *self)
{
  const char *fingerprints[] = { self->fingerprint, NULL };
  g_autoptr (CwReply) reply = cw_reply_new ();

  cw_reply_add_bytes (reply, self->bytes, "file");
  g_autoptr (GPtrArray) yours = cw_reply_assign_roles (reply, fingerprints);
  g_autoptr (GPtrArray) all = cw_reply_get_certificates (reply);
  CwCertificate *leaf = cw_reply_choose_leaf (yours, self->fingerprint, fingerprints);
  g_autoptr (CwChain) chain = leaf != NULL ? cw_chain_new (leaf, all, NULL) : NULL;
  g_autoptr (CwReport) report = cw_report_new (&(CwReportInput){ .chain = chain, .reply = reply });
  /* A figure for finding nothing would say nothing. */
  g_assert_true (self->fingerprint == NULL ||
                 (chain != NULL && cw_chain_get_certificates (chain)->len == CHAIN));
  g_assert_true (g_list_model_get_n_items (G_LIST_MODEL (report)) > 0);
  return all->len;
}

static double
read_bare (const Reply *self)
{
  gsize size;
  const void *data = g_bytes_get_data (self->bytes, &size);
  g_autoptr (BIO) bio = BIO_new_mem_buf (data, (int) size);
  double n = 0;

  while (TRUE)
    {
      g_autoptr (X509) x509 = PEM_read_bio_X509 (bio, NULL, NULL, NULL);
      if (x509 == NULL)
        break;
      n++;
    }
  ERR_clear_error ();
  g_assert_cmpfloat (n, >, 0);
  return n;
}

static double
take_apart (const Reply *self)
{
  g_autoptr (CwReply) reply = cw_reply_new ();

  cw_reply_add_bytes (reply, self->bytes, "file");
  g_autoptr (GPtrArray) all = cw_reply_get_certificates (reply);
  g_assert_cmpuint (all->len, ==, 1);
  return 1;
}

static double
look_through (const Reply *self)
{
  gsize size;
  const void *data = g_bytes_get_data (self->bytes, &size);

  g_assert_null (memchr (data, '\0', size));
  return 1;
}

/* Time for each of the certificates that @work says there were. */
static double
measure (Work work, const Reply *reply)
{
  double start = cpu_microseconds ();
  double n = work (reply);

  return (cpu_microseconds () - start) / n;
}

static void
compare (int rounds, Work ours, const Reply *our_reply, Work other, const Reply *other_reply)
{
  measure (ours, our_reply);
  measure (other, other_reply);
  for (int i = 0; i < rounds; i++)
    {
      /* Who begins changes, so that neither always comes after the other. */
      double a = i % 2 ? 0 : measure (ours, our_reply);
      double b = measure (other, other_reply);
      if (i % 2)
        a = measure (ours, our_reply);
      printf ("%.3f %.3f\n", a, b);
    }
}

static void
compare_bundle (int rounds, const char *path)
{
  g_auto (Reply) reply = read_reply (path);

  g_assert_cmpfloat (inspect (&reply), ==, read_bare (&reply));
  compare (rounds, inspect, &reply, read_bare, &reply);
}

static void
compare_many (int rounds, guint n, const char *path)
{
  g_auto (Reply) many = make_many (n);
  g_auto (Reply) few = path != NULL ? read_reply (path) : make_many (FEW);

  compare (rounds, inspect, &many, inspect, &few);
}

static void
compare_text (int rounds, const char *path)
{
  g_auto (Reply) reply = { .bytes = read_file (path) };

  compare (rounds, take_apart, &reply, look_through, &reply);
}

static guint64
get_peak (void)
{
  g_autofree char *status = NULL;

  g_assert_true (g_file_get_contents ("/proc/self/status", &status, NULL, NULL));
  return g_ascii_strtoull (strstr (status, "VmHWM:") + strlen ("VmHWM:"), NULL, 10);
}

static void
measure_memory (const char *path)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GFileInfo) info =
      g_file_query_info (file, G_FILE_ATTRIBUTE_STANDARD_SIZE, 0, NULL, NULL);
  g_autoptr (CwReply) reply = cw_reply_new ();
  guint64 before = get_peak ();

  cw_reply_add_file (reply, file, NULL);
  g_autoptr (GPtrArray) all = cw_reply_get_certificates (reply);
  if (all->len != 1)
    g_error ("%u certificates were found in %s", all->len, path);
  printf ("%" G_GUINT64_FORMAT " %" G_GOFFSET_FORMAT "\n", get_peak () - before,
          g_file_info_get_size (info) / 1024);
}

static void
make_bundle (const char *path, const char *bundle)
{
  g_autoptr (GBytes) bytes = read_file (bundle);
  g_autoptr (GString) text =
      g_string_new_len (g_bytes_get_data (bytes, NULL), (gssize) g_bytes_get_size (bytes));
  Pki pki;

  pki_init (&pki);
  append_chain (text, &pki);
  pki_clear (&pki);
  write_file (path, text);
}

/* Lines as of a log: words, dashes, numbers, what could begin base64. */
static void
make_text (const char *path, gsize size)
{
  static const char *const words[] = {
    "device", "is", "-", "--", "certificate", "BEGIN", "connected", "to", "MIIB", "the", "=", "on",
  };
  g_autoptr (GString) text = g_string_sized_new (size);
  g_autoptr (GRand) random = g_rand_new_with_seed (1);
  Pki pki;

  while (text->len < size)
    {
      g_string_append_printf (text, "2026-06-01T12:00:00Z host-%u:", g_rand_int (random));
      for (int i = g_rand_int_range (random, 4, 16); i > 0; i--)
        g_string_append_printf (text, " %s",
                                words[g_rand_int_range (random, 0, G_N_ELEMENTS (words))]);
      g_string_append_c (text, '\n');
    }
  pki_init (&pki);
  append_pem (text, pki.leaf);
  pki_clear (&pki);
  write_file (path, text);
}

int
main (int argc, char **argv)
{
  const char *mode = argc > 2 ? argv[1] : "";

  cw_secret_heap_init ();
  if (g_str_equal (mode, "bundle") && argc == 4)
    compare_bundle (atoi (argv[2]), argv[3]);
  else if (g_str_equal (mode, "many") && argc >= 4)
    compare_many (atoi (argv[2]), (guint) atoi (argv[3]), argv[4]);
  else if (g_str_equal (mode, "text") && argc == 4)
    compare_text (atoi (argv[2]), argv[3]);
  else if (g_str_equal (mode, "memory"))
    measure_memory (argv[2]);
  else if (g_str_equal (mode, "make-bundle") && argc == 4)
    make_bundle (argv[2], argv[3]);
  else if (g_str_equal (mode, "make-text") && argc == 4)
    make_text (argv[2], (gsize) atoi (argv[3]) * 1024 * 1024);
  else
    return 2;
  return 0;
}
