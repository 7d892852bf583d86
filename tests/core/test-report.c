/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <string.h>

#include <glib/gstdio.h>
#include <openssl/rsa.h>

#include "cw-error.h"
#include "cw-openssl.h"
#include "cw-report.h"
#include "cw-usage.h"
#include "pki.h"

typedef struct
{
  Pki pki;
  CwRequest *asked;
  GPtrArray *authorities;
} Fixture;

static void
set_up (Fixture *self, gconstpointer data)
{
  pki_init (&self->pki);
  self->authorities = g_ptr_array_new ();
  g_ptr_array_add (self->authorities, self->pki.middle);
  g_ptr_array_add (self->authorities, self->pki.root);

  self->asked = cw_request_new ();
  cw_subject_append (cw_request_get_subject (self->asked), "CN", "steve@example.com");
  g_autoptr (CwAltName) name = cw_alt_name_new (CW_ALT_NAME_EMAIL, "steve@example.com");
  cw_request_add_alt_name (self->asked, name);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  g_clear_object (&self->asked);
  g_ptr_array_unref (self->authorities);
  pki_clear (&self->pki);
}

/* A leaf from the intermediate, as @spec says. */
static CwReport *
report_on (Fixture *self, PkiSpec spec, CwRequest *asked)
{
  if (spec.name == NULL)
    spec.name = "steve@example.com";
  if (spec.issuer == NULL)
    {
      spec.issuer = self->pki.middle;
      spec.issuer_key = self->pki.middle_key;
    }
  g_autoptr (CwCertificate) leaf = pki_make (&spec);
  g_autoptr (CwChain) chain = cw_chain_new (leaf, self->authorities, NULL);
  return cw_report_new (&(CwReportInput){ .asked = asked, .chain = chain });
}

/* Bad news says what it means and what to do. */
static void
check_texts (CwReport *report)
{
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (report)); i++)
    {
      g_autoptr (CwFinding) finding = g_list_model_get_item (G_LIST_MODEL (report), i);
      g_assert_cmpstr (cw_finding_get_title (finding), !=, "");
      if (cw_finding_get_severity (finding) >= CW_SEVERITY_WARNING)
        {
          g_assert_nonnull (cw_finding_get_meaning (finding));
          g_assert_nonnull (cw_finding_get_remedy (finding));
        }
      if (i > 0)
        {
          g_autoptr (CwFinding) before = g_list_model_get_item (G_LIST_MODEL (report), i - 1);
          g_assert_cmpint (cw_finding_get_severity (before), >=, cw_finding_get_severity (finding));
        }
    }
}

static CwFinding *
assert_finding (CwReport *report, const char *id, CwSeverity severity)
{
  CwFinding *finding = cw_report_find (report, id);
  if (finding == NULL)
    g_error ("no finding “%s”", id);
  g_assert_cmpint (cw_finding_get_severity (finding), ==, severity);
  check_texts (report);
  return finding;
}

static void
assert_contains (const char *text, const char *part)
{
  if (text == NULL || strstr (text, part) == NULL)
    g_error ("“%s” is not in “%s”", part, text != NULL ? text : "(none)");
}

/* With that one problem, said once, or with none. */
static void
assert_fault (CwReport *report, const char *id, const char *word)
{
  guint n_problems = 0;

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (report)); i++)
    {
      g_autoptr (CwFinding) finding = g_list_model_get_item (G_LIST_MODEL (report), i);

      n_problems += cw_finding_get_severity (finding) == CW_SEVERITY_PROBLEM ? 1 : 0;
    }
  g_assert_cmpuint (n_problems, ==, id != NULL ? 1 : 0);
  if (id != NULL)
    assert_contains (cw_finding_get_title (assert_finding (report, id, CW_SEVERITY_PROBLEM)), word);
}

static void
test_good (Fixture *self, gconstpointer data)
{
  g_autoptr (CwChain) chain = cw_chain_new (self->pki.leaf, self->authorities, NULL);
  g_autoptr (CwReport) report =
      cw_report_new (&(CwReportInput){ .asked = self->asked, .chain = chain });
  static const char *const ids[] = { "subject-same",  "alt-names-same", "usages-same",
                                     "validity-good", "chain-complete", NULL };

  g_assert_cmpint (cw_report_get_worst (report), ==, CW_SEVERITY_GOOD);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (report)), ==, 5);
  for (guint i = 0; ids[i] != NULL; i++)
    assert_finding (report, ids[i], CW_SEVERITY_GOOD);
  g_assert_cmpstr (cw_report_get_verdict (report), ==, "This certificate will work.");
  g_assert_null (cw_report_find (report, "expired"));

  /* Without knowing what was asked there is nothing to compare. */
  g_autoptr (CwReport) alone = cw_report_new (&(CwReportInput){ .chain = chain });
  g_assert_null (cw_report_find (alone, "subject-same"));
  g_assert_cmpint (cw_report_get_worst (alone), ==, CW_SEVERITY_GOOD);
}

static CwProfile *
make_profile (const char *usages)
{
  g_autofree char *text =
      g_strdup_printf ("[Profile]\nName=Test device\nComment=For tests\nOrder=5\n"
                       "[Request]\nKeyKinds=ec-p256;\nUsages=%s\n"
                       "[Setting key]\nSource=private-key\n"
                       "[Output all]\nName=Everything\nType=yaml\nFile=all.yaml\n"
                       "Settings=key;\nWhere1=Here\n",
                       usages);
  g_autoptr (GError) error = NULL;
  g_autofree char *parent = g_dir_make_tmp ("cw-report-XXXXXX", NULL);
  g_autofree char *folder = g_build_filename (parent, "test-device", NULL);
  g_autofree char *file = g_build_filename (folder, "profile.ini", NULL);
  g_assert_cmpint (g_mkdir (folder, 0700), ==, 0);
  g_file_set_contents (file, text, -1, &error);
  g_assert_no_error (error);
  CwProfile *profile = cw_profile_new_from_folder (folder, &error);
  g_assert_no_error (error);
  g_remove (file);
  g_rmdir (folder);
  g_rmdir (parent);
  return profile;
}

static void
test_profile (Fixture *self, gconstpointer data)
{
  g_autoptr (CwProfile) profile = make_profile ("clientAuth;");
  g_autoptr (CwChain) chain = cw_chain_new (self->pki.leaf, self->authorities, NULL);
  g_autoptr (CwReport) report =
      cw_report_new (&(CwReportInput){ .asked = self->asked, .chain = chain, .profile = profile });
  g_assert_cmpstr (cw_report_get_verdict (report), ==,
                   "This certificate will work with Test device.");

  /* A kind of key that the consumer does not name. */
  g_autoptr (CwKey) key = cw_key_generate (CW_KEY_KIND_EC_P384, NULL, NULL);
  g_autoptr (CwCertificate) leaf = pki_make (&(PkiSpec){ .name = "steve@example.com",
                                                         .key = key,
                                                         .issuer = self->pki.middle,
                                                         .issuer_key = self->pki.middle_key,
                                                         .extensions = pki_client_extensions });
  g_autoptr (CwChain) other = cw_chain_new (leaf, self->authorities, NULL);
  g_autoptr (CwReport) unusual =
      cw_report_new (&(CwReportInput){ .asked = self->asked, .chain = other, .profile = profile });
  CwFinding *finding = assert_finding (unusual, "key-kind-unusual", CW_SEVERITY_WARNING);
  assert_contains (cw_finding_get_title (finding), "EC P-384");
}

/* A leaf with @extensions, judged for each kind of consumer. */
static void
report_for_both (Fixture *self,
                 const char *const *extensions,
                 CwReport **for_client,
                 CwReport **for_server)
{
  g_autoptr (CwProfile) client = make_profile ("clientAuth;serverAuth;");
  g_autoptr (CwProfile) server = make_profile ("serverAuth;");
  g_autoptr (CwCertificate) leaf = pki_make (&(PkiSpec){ .name = "steve@example.com",
                                                         .issuer = self->pki.middle,
                                                         .issuer_key = self->pki.middle_key,
                                                         .extensions = extensions });
  g_autoptr (CwChain) chain = cw_chain_new (leaf, self->authorities, NULL);

  *for_client = cw_report_new (&(CwReportInput){ .chain = chain, .profile = client });
  *for_server = cw_report_new (&(CwReportInput){ .chain = chain, .profile = server });
}

/* What a certificate is for is what its consumer is. */
static void
test_purpose (Fixture *self, gconstpointer data)
{
  static const char *const serves[] = { "extendedKeyUsage", "serverAuth", "subjectAltName",
                                        "DNS:a.example.com", NULL };
  static const char *const calls[] = { "extendedKeyUsage", "clientAuth", "subjectAltName",
                                       "DNS:a.example.com", NULL };
  static const char *const any[] = { "extendedKeyUsage", "anyExtendedKeyUsage", "subjectAltName",
                                     "IP:192.0.2.7", NULL };
  static const char *const old[] = {
    "extendedKeyUsage", "serverAuth",        "nsCertType", "client",
    "subjectAltName",   "DNS:a.example.com", NULL
  };
  static const struct
  {
    const char *const *extensions;
    const char *client_id; /* NULL: nothing is wrong */
    const char *server_id;
  } cases[] = {
    { serves, "client-auth-missing", NULL },
    { calls, NULL, "server-auth-missing" },
    { any, "any-usage-only", "any-usage-only" },
    { old, "client-auth-missing", "server-auth-missing" }, /* what only OpenSSL looks at */
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (CwReport) for_client = NULL;
      g_autoptr (CwReport) for_server = NULL;

      report_for_both (self, cases[i].extensions, &for_client, &for_server);
      assert_fault (for_client, cases[i].client_id, "client authentication");
      assert_fault (for_server, cases[i].server_id, "server authentication");
    }
}

/* A CA that may only issue for the other side. */
static void
test_purpose_of_ca (Fixture *self, gconstpointer data)
{
  static const char *const limited[] = {
    "basicConstraints", "critical,CA:TRUE", "keyUsage", "critical,keyCertSign",
    "extendedKeyUsage", "serverAuth",       NULL
  };
  static const char *const both[] = { "extendedKeyUsage", "clientAuth,serverAuth", "subjectAltName",
                                      "DNS:a.example.com", NULL };
  g_autoptr (CwCertificate) middle = pki_make (&(PkiSpec){ .name = "Test Intermediate",
                                                           .key = self->pki.middle_key,
                                                           .issuer = self->pki.root,
                                                           .issuer_key = self->pki.root_key,
                                                           .extensions = limited });
  g_autoptr (CwReport) for_client = NULL;
  g_autoptr (CwReport) for_server = NULL;

  g_set_object (&self->pki.middle, middle);
  g_ptr_array_set_size (self->authorities, 0);
  g_ptr_array_add (self->authorities, middle);
  g_ptr_array_add (self->authorities, self->pki.root);
  report_for_both (self, both, &for_client, &for_server);
  assert_fault (for_client, "ca-usage-limited", "client");
  g_assert_null (cw_report_find (for_client, "chain-complete"));
  assert_fault (for_server, NULL, NULL);
  g_assert_nonnull (cw_report_find (for_server, "chain-complete"));
}

/* Who calls is not looked for by a host name; who serves is by no other. */
static void
test_host_name (Fixture *self, gconstpointer data)
{
  static const char *const nameless[] = { "extendedKeyUsage", "clientAuth,serverAuth",
                                          "subjectAltName", "email:a@example.com", NULL };
  g_autoptr (CwReport) for_client = NULL;
  g_autoptr (CwReport) for_server = NULL;

  report_for_both (self, nameless, &for_client, &for_server);
  g_assert_null (cw_report_find (for_client, "host-name-missing"));
  assert_finding (for_server, "host-name-missing", CW_SEVERITY_PROBLEM);
}

/* One whose CA, which is kept here, has revoked it. */
static void
test_revoked (Fixture *self, gconstpointer data)
{
  g_autoptr (CwChain) chain = cw_chain_new (self->pki.leaf, self->authorities, NULL);
  g_autoptr (GDateTime) at = g_date_time_new_utc (2026, 11, 20, 12, 0, 0);
  g_autoptr (CwReport) report =
      cw_report_new (&(CwReportInput){ .chain = chain, .revoked_at = at });
  CwFinding *finding = assert_finding (report, "revoked", CW_SEVERITY_PROBLEM);

  assert_contains (cw_finding_get_title (finding), "20 November 2026");
  assert_contains (cw_report_get_verdict (report), "will not work");
}

/* One of which nobody can tell: it is not passed over. */
static void
test_revocation_unknown (Fixture *self, gconstpointer data)
{
  g_autoptr (CwChain) chain = cw_chain_new (self->pki.leaf, self->authorities, NULL);
  g_autoptr (GError) error = g_error_new_literal (CW_ERROR, CW_ERROR_FAILED, "The disk is away.");
  g_autoptr (CwReport) known = cw_report_new (&(CwReportInput){ .chain = chain });
  g_autoptr (CwReport) unknown =
      cw_report_new (&(CwReportInput){ .chain = chain, .revocation_error = error });
  CwFinding *finding = assert_finding (unknown, "revocation-unknown", CW_SEVERITY_WARNING);

  g_assert_null (cw_report_find (known, "revocation-unknown"));
  g_assert_cmpstr (cw_finding_get_remedy (finding), ==, "The disk is away.");
}

static void
test_subject (Fixture *self, gconstpointer data)
{
  g_autoptr (CwReport) added =
      report_on (self, (PkiSpec){ .organisation = "Example", .extensions = pki_client_extensions },
                 self->asked);
  CwFinding *finding = assert_finding (added, "subject-changed", CW_SEVERITY_WARNING);
  assert_contains (cw_finding_get_meaning (finding), "Example");
  assert_contains (cw_finding_get_meaning (finding), "common name is as it was");
  assert_contains (cw_finding_get_ca_text (finding), "steve@example.com");
  g_assert_null (cw_report_find (added, "subject-same"));

  g_autoptr (CwReport) other = report_on (
      self, (PkiSpec){ .name = "somebody else", .extensions = pki_client_extensions }, self->asked);
  finding = assert_finding (other, "subject-changed", CW_SEVERITY_WARNING);
  assert_contains (cw_finding_get_title (finding), "common name");
  assert_contains (cw_finding_get_meaning (finding), "somebody else");

  /* The same parts in another order. */
  CwSubject *subject = cw_request_get_subject (self->asked);
  cw_subject_clear (subject);
  cw_subject_append (subject, "O", "Example");
  cw_subject_append (subject, "CN", "steve@example.com");
  g_autoptr (CwReport) reordered =
      report_on (self, (PkiSpec){ .organisation = "Example", .extensions = pki_client_extensions },
                 self->asked);
  assert_finding (reordered, "subject-changed", CW_SEVERITY_NOTE);
}

static void
test_alt_names (Fixture *self, gconstpointer data)
{
  static const char *const other[] = { "extendedKeyUsage", "clientAuth", "subjectAltName",
                                       "DNS:extra.example.com", NULL };
  g_autoptr (CwAltName) second = cw_alt_name_new (CW_ALT_NAME_DNS, "device.example.com");
  cw_request_add_alt_name (self->asked, second);

  g_autoptr (CwReport) report = report_on (self, (PkiSpec){ .extensions = other }, self->asked);
  CwFinding *missing = assert_finding (report, "alt-name-missing", CW_SEVERITY_WARNING);
  assert_contains (cw_finding_get_title (missing), "steve@example.com");
  assert_contains (cw_finding_get_title (missing), "device.example.com");
  assert_contains (cw_finding_get_ca_text (missing), "device.example.com");
  CwFinding *added = assert_finding (report, "alt-name-added", CW_SEVERITY_NOTE);
  assert_contains (cw_finding_get_title (added), "extra.example.com");
  g_assert_null (cw_report_find (report, "alt-names-same"));
  assert_contains (cw_report_get_verdict (report), "will work, but");
}

static void
test_usages (Fixture *self, gconstpointer data)
{
  static const char *const wrong[] = { "extendedKeyUsage", "serverAuth", NULL };
  static const char *const any[] = { "extendedKeyUsage", "anyExtendedKeyUsage", NULL };
  static const char *const both[] = { "extendedKeyUsage", "clientAuth,serverAuth", NULL };
  static const char *const no_signature[] = { "keyUsage", "keyEncipherment", "extendedKeyUsage",
                                              "clientAuth", NULL };

  g_autoptr (CwReport) server = report_on (self, (PkiSpec){ .extensions = wrong }, NULL);
  CwFinding *finding = assert_finding (server, "client-auth-missing", CW_SEVERITY_PROBLEM);
  assert_contains (cw_finding_get_ca_text (finding), "clientAuth");
  assert_contains (cw_report_get_verdict (server), "will not work");
  g_assert_null (cw_report_find (server, "chain-invalid")); /* said once */

  g_autoptr (CwReport) open = report_on (self, (PkiSpec){ .extensions = any }, self->asked);
  assert_finding (open, "any-usage-only", CW_SEVERITY_PROBLEM);
  g_assert_null (cw_report_find (open, "client-auth-missing"));

  g_autoptr (CwReport) more = report_on (self, (PkiSpec){ .extensions = both }, self->asked);
  assert_finding (more, "usage-added", CW_SEVERITY_NOTE);
  assert_finding (more, "usages-same", CW_SEVERITY_GOOD);

  g_autoptr (CwReport) unsigned_ = report_on (self, (PkiSpec){ .extensions = no_signature }, NULL);
  assert_finding (unsigned_, "key-usage-no-signature", CW_SEVERITY_PROBLEM);

  cw_request_set_usage (self->asked, "1.3.6.1.5.5.7.3.4", TRUE);
  g_autoptr (CwReport) fewer =
      report_on (self, (PkiSpec){ .extensions = pki_client_extensions }, self->asked);
  assert_finding (fewer, "usage-missing", CW_SEVERITY_WARNING);
  g_assert_null (cw_report_find (fewer, "usages-same"));
}

static void
test_dates (Fixture *self, gconstpointer data)
{
  PkiSpec spec = { .extensions = pki_client_extensions };

  spec.starts = -400;
  spec.ends = -35;
  g_autoptr (CwReport) expired = report_on (self, spec, NULL);
  CwFinding *finding = assert_finding (expired, "expired", CW_SEVERITY_PROBLEM);
  assert_contains (cw_finding_get_title (finding), "35 days ago");
  g_assert_null (cw_report_find (expired, "chain-invalid"));

  spec.starts = 3;
  spec.ends = 400;
  g_autoptr (CwReport) early = report_on (self, spec, NULL);
  finding = assert_finding (early, "not-yet-valid", CW_SEVERITY_PROBLEM);
  assert_contains (cw_finding_get_meaning (finding), "clock");

  spec.starts = -300;
  spec.ends = 20;
  g_autoptr (CwReport) soon = report_on (self, spec, NULL);
  finding = assert_finding (soon, "expires-soon", CW_SEVERITY_WARNING);
  assert_contains (cw_finding_get_title (finding), "in 20 days");

  /* The moment may be given. */
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  g_autoptr (GDateTime) later = g_date_time_add_years (now, 3);
  g_autoptr (CwChain) chain = cw_chain_new (self->pki.leaf, self->authorities, NULL);
  g_autoptr (CwReport) then = cw_report_new (&(CwReportInput){ .chain = chain, .now = later });
  assert_finding (then, "expired", CW_SEVERITY_PROBLEM);
  assert_finding (then, "chain-expired", CW_SEVERITY_PROBLEM);
}

static void
test_chain (Fixture *self, gconstpointer data)
{
  static const char *const not_a_ca[] = { "basicConstraints", "critical,CA:FALSE", NULL };

  g_autoptr (CwChain) alone = cw_chain_new (self->pki.leaf, NULL, NULL);
  g_autoptr (CwReport) lonely = cw_report_new (&(CwReportInput){ .chain = alone });
  CwFinding *finding = assert_finding (lonely, "chain-incomplete", CW_SEVERITY_WARNING);
  assert_contains (cw_finding_get_title (finding), "Test Intermediate");

  g_ptr_array_set_size (self->authorities, 1);
  g_autoptr (CwChain) rootless = cw_chain_new (self->pki.leaf, self->authorities, NULL);
  g_autoptr (CwReport) usual = cw_report_new (&(CwReportInput){ .chain = rootless });
  finding = assert_finding (usual, "chain-incomplete", CW_SEVERITY_NOTE);
  assert_contains (cw_finding_get_title (finding), "Test Root");
  g_assert_cmpstr (cw_report_get_verdict (usual), ==, "This certificate will work.");

  g_autoptr (CwCertificate) fake = pki_make (&(PkiSpec){ .name = "Test Intermediate",
                                                         .key = self->pki.middle_key,
                                                         .issuer = self->pki.root,
                                                         .issuer_key = self->pki.root_key,
                                                         .extensions = not_a_ca });
  g_autoptr (GPtrArray) fakes = g_ptr_array_new ();
  g_ptr_array_add (fakes, fake);
  g_ptr_array_add (fakes, self->pki.root);
  g_autoptr (CwChain) broken = cw_chain_new (self->pki.leaf, fakes, NULL);
  g_autoptr (CwReport) invalid = cw_report_new (&(CwReportInput){ .chain = broken });
  finding = assert_finding (invalid, "not-a-ca", CW_SEVERITY_PROBLEM);
  assert_contains (cw_finding_get_meaning (finding), "not marked as one");
  g_assert_null (cw_report_find (invalid, "chain-complete"));
  g_assert_null (cw_report_find (invalid, "chain-invalid")); /* said once */
}

/* An authority key identifier that names issuer and serial tells that it is a root. */
static void
test_known_root (Fixture *self, gconstpointer data)
{
  static const char *const naming[] = { "extendedKeyUsage", "clientAuth", "authorityKeyIdentifier",
                                        "issuer:always", NULL };
  g_autoptr (CwCertificate) leaf = pki_make (&(PkiSpec){ .name = "steve@example.com",
                                                         .issuer = self->pki.root,
                                                         .issuer_key = self->pki.root_key,
                                                         .extensions = naming });
  g_autoptr (CwChain) chain = cw_chain_new (leaf, NULL, NULL);
  g_autoptr (CwReport) report = cw_report_new (&(CwReportInput){ .chain = chain });
  assert_finding (report, "chain-incomplete", CW_SEVERITY_NOTE);
}

static void
test_role (Fixture *self, gconstpointer data)
{
  g_autoptr (CwReport) ca = report_on (self, (PkiSpec){ .extensions = pki_ca_extensions }, NULL);
  assert_finding (ca, "is-ca", CW_SEVERITY_WARNING);
  assert_finding (ca, "key-usage-no-signature", CW_SEVERITY_PROBLEM);

  g_autoptr (CwCertificate) own =
      pki_make (&(PkiSpec){ .name = "steve@example.com", .extensions = pki_client_extensions });
  g_autoptr (CwChain) chain = cw_chain_new (own, self->authorities, NULL);
  g_autoptr (CwReport) self_signed =
      cw_report_new (&(CwReportInput){ .asked = self->asked, .chain = chain });
  assert_finding (self_signed, "self-signed", CW_SEVERITY_WARNING);
  g_assert_null (cw_report_find (self_signed, "chain-complete"));
  g_autoptr (CwReport) meant =
      cw_report_new (&(CwReportInput){ .asked = self->asked, .chain = chain, .self_signed = TRUE });
  assert_finding (meant, "self-signed", CW_SEVERITY_NOTE);

  g_autoptr (CwReport) old = report_on (self, (PkiSpec){ .version_1 = TRUE }, self->asked);
  assert_finding (old, "version-1", CW_SEVERITY_WARNING);
  assert_finding (old, "alt-name-missing", CW_SEVERITY_WARNING);
}

static CwKey *
weak_rsa_key (void)
{
  g_autoptr (EVP_PKEY) pkey = EVP_RSA_gen (1024);
  g_assert_nonnull (pkey);
  return cw_key_new_for_pkey (pkey);
}

static void
test_strength (Fixture *self, gconstpointer data)
{
  PkiSpec spec = { .extensions = pki_client_extensions, .hash = EVP_sha1 () };
  g_autoptr (CwReport) sha1 = report_on (self, spec, NULL);
  CwFinding *finding = assert_finding (sha1, "signature-weak", CW_SEVERITY_PROBLEM);
  assert_contains (cw_finding_get_title (finding), "SHA-1");

  spec.hash = NULL;
  g_autoptr (CwKey) weak = weak_rsa_key ();
  spec.key = weak;
  g_autoptr (CwReport) small = report_on (self, spec, NULL);
  finding = assert_finding (small, "key-weak", CW_SEVERITY_PROBLEM);
  assert_contains (cw_finding_get_title (finding), "RSA 1024");
}

static void
test_freed (Fixture *self, gconstpointer data)
{
  g_autoptr (CwChain) chain = cw_chain_new (self->pki.leaf, NULL, NULL);
  g_autoptr (CwReport) report =
      cw_report_new (&(CwReportInput){ .asked = self->asked, .chain = chain });
  g_autoptr (CwFinding) finding = g_list_model_get_item (G_LIST_MODEL (report), 0);
  g_assert_finalize_object (g_steal_pointer (&report));
  g_assert_finalize_object (g_steal_pointer (&finding));
}

#define ADD(path, function) g_test_add ("/report/" path, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ADD ("good", test_good);
  ADD ("profile", test_profile);
  ADD ("purpose", test_purpose);
  ADD ("purpose-of-ca", test_purpose_of_ca);
  ADD ("host-name", test_host_name);
  ADD ("revoked", test_revoked);
  ADD ("revocation-unknown", test_revocation_unknown);
  ADD ("subject", test_subject);
  ADD ("alt-names", test_alt_names);
  ADD ("usages", test_usages);
  ADD ("dates", test_dates);
  ADD ("chain", test_chain);
  ADD ("known-root", test_known_root);
  ADD ("role", test_role);
  ADD ("strength", test_strength);
  ADD ("freed", test_freed);
  return g_test_run ();
}
