/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <gio/gio.h>

#include "cw-dial.h"

#define SHORT_LIMIT 700 /* ms: longer than GLib waits before it tries the next address as well */
#define LIMIT       20000

/* What listens at which address, all with one port. */
#define OPEN       "127.0.0.1"
#define FULL       "127.0.0.2" /* no connection is made, and nothing is refused */
#define CLOSED     "127.0.0.3"
#define CLOSED_TOO "127.0.0.4"

/* A resolver that knows one host, with these addresses, in this order. */
typedef struct
{
  GResolver parent_instance;
  const char *const *addresses;
} Names;

typedef GResolverClass NamesClass;

static GType names_get_type (void);
G_DEFINE_TYPE (Names, names, G_TYPE_RESOLVER)

static void
free_addresses (gpointer addresses)
{
  g_list_free_full (addresses, g_object_unref);
}

static void
names_lookup_async (GResolver *resolver,
                    const gchar *host,
                    GResolverNameLookupFlags flags,
                    GCancellable *cancellable,
                    GAsyncReadyCallback callback,
                    gpointer user_data)
{
  const Names *self = (Names *) resolver;
  g_autoptr (GTask) task = g_task_new (resolver, cancellable, callback, user_data);
  GList *found = NULL;
  for (guint i = 0; self->addresses[i] != NULL; i++)
    found = g_list_append (found, g_inet_address_new_from_string (self->addresses[i]));
  if (flags & G_RESOLVER_NAME_LOOKUP_FLAGS_IPV6_ONLY)
    g_clear_pointer (&found, free_addresses);
  if (found != NULL)
    g_task_return_pointer (task, found, free_addresses);
  else
    g_task_return_new_error (task, G_RESOLVER_ERROR, G_RESOLVER_ERROR_NOT_FOUND, "No %s", host);
}

static GList *
names_lookup_finish (GResolver *resolver, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
names_class_init (NamesClass *klass)
{
  klass->lookup_by_name_with_flags_async = names_lookup_async;
  klass->lookup_by_name_with_flags_finish = names_lookup_finish;
}

static void
names_init (Names *self)
{
}

typedef struct
{
  Names *names;
  GSocket *open;
  GSocket *full;
  GSocket *fillers[3];
  CwEndpoint *endpoint;
} Fixture;

static GSocket *
new_socket (void)
{
  g_autoptr (GError) error = NULL;
  GSocket *socket =
      g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_DEFAULT, &error);
  g_assert_no_error (error);
  g_socket_set_blocking (socket, FALSE);
  return socket;
}

static GSocket *
listen_at (const char *address, guint16 port, int backlog)
{
  g_autoptr (GSocketAddress) place = g_inet_socket_address_new_from_string (address, port);
  g_autoptr (GError) error = NULL;
  GSocket *socket = new_socket ();
  g_socket_bind (socket, place, TRUE, &error);
  g_assert_no_error (error);
  g_socket_set_listen_backlog (socket, backlog);
  g_socket_listen (socket, &error);
  g_assert_no_error (error);
  return socket;
}

static void
set_up (Fixture *self, gconstpointer data)
{
  self->names = g_object_new (names_get_type (), NULL);
  g_resolver_set_default (G_RESOLVER (self->names));
  self->open = listen_at (OPEN, 0, 16);
  g_autoptr (GSocketAddress) here = g_socket_get_local_address (self->open, NULL);
  guint16 port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (here));
  self->full = listen_at (FULL, port, 0);
  g_autoptr (GSocketAddress) full = g_socket_get_local_address (self->full, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (self->fillers); i++)
    {
      self->fillers[i] = new_socket ();
      g_socket_connect (self->fillers[i], full, NULL, NULL);
    }
  /* Not https: the desktop's proxies are none of this. */
  g_autofree char *address = g_strdup_printf ("mqtts://two.example.com:%u", port);
  self->endpoint = cw_endpoint_new (address, CW_SCHEME_MQTTS, NULL);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  for (guint i = 0; i < G_N_ELEMENTS (self->fillers); i++)
    g_object_unref (self->fillers[i]);
  g_object_unref (self->full);
  g_object_unref (self->open);
  g_object_unref (self->names);
  cw_endpoint_unref (self->endpoint);
}

static CwDial *
dial (Fixture *self, const char *first, const char *second, guint limit)
{
  const char *const addresses[] = { first, second, NULL };
  self->names->addresses = addresses;
  CwDial *made = cw_dial_new (self->endpoint, limit, NULL);
  g_assert_true (made->resolved);
  self->names->addresses = NULL;
  return made;
}

static void
assert_reached (CwDial *made)
{
  g_assert_nonnull (made->connection);
  g_assert_cmpstr (made->address, ==, OPEN);
  g_assert_null (made->failure);
  /* What went wrong on the way is not told of. */
  g_assert_no_error (made->error);
}

static void
test_refused (Fixture *self, gconstpointer data)
{
  g_autoptr (CwDial) reached = dial (self, CLOSED, OPEN, LIMIT);
  assert_reached (reached);
  g_autoptr (CwDial) refused = dial (self, CLOSED, CLOSED_TOO, LIMIT);
  g_assert_null (refused->connection);
  g_assert_cmpstr (refused->failure, ==, "refused");
  g_assert_error (refused->error, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED);
}

static void
test_slow (Fixture *self, gconstpointer data)
{
  g_autoptr (CwDial) reached = dial (self, FULL, OPEN, LIMIT);
  assert_reached (reached);
  static const char *const silent[][2] = { { FULL, NULL }, { FULL, CLOSED }, { CLOSED, FULL } };
  for (guint i = 0; i < G_N_ELEMENTS (silent); i++)
    {
      g_autoptr (CwDial) late = dial (self, silent[i][0], silent[i][1], SHORT_LIMIT);
      g_assert_null (late->connection);
      g_assert_cmpstr (late->failure, ==, "connect-timeout");
      g_assert_no_error (late->error);
    }
}

static guint
count_sockets (void)
{
  g_autoptr (GDir) folder = g_dir_open ("/proc/self/fd", 0, NULL);
  guint n = 0;
  for (const char *name = g_dir_read_name (folder); name != NULL; name = g_dir_read_name (folder))
    {
      g_autofree char *path = g_build_filename ("/proc/self/fd", name, NULL);
      g_autofree char *target = g_file_read_link (path, NULL);
      n += target != NULL && g_str_has_prefix (target, "socket:");
    }
  return n;
}

/* The address that lost the race is let go of as well: its socket, and what waits for it. */
static void
test_sockets (Fixture *self, gconstpointer data)
{
  static const char *const ways[][2] = { { CLOSED, OPEN }, { FULL, OPEN }, { FULL, CLOSED } };
  guint before = count_sockets ();
  for (guint i = 0; i < G_N_ELEMENTS (ways); i++)
    {
      cw_dial_free (dial (self, ways[i][0], ways[i][1], SHORT_LIMIT));
      g_assert_cmpuint (count_sockets (), ==, before);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
#define ADD(path, function) g_test_add ("/dial/" path, Fixture, NULL, set_up, function, tear_down)
  ADD ("refused", test_refused);
  ADD ("slow", test_slow);
  ADD ("sockets", test_sockets);
  return g_test_run ();
}
