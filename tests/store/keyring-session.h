/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A private session for tests: a home of its own, a bus of its own that can
 * start no service, and a real gnome-keyring-daemon on it. One at a time in a
 * process. It is described by the environment, so that a test's child process
 * (g_test_trap_subprocess) lives in it too, while the parent cleans up.
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define KEYRING_PASSWORD "open sesame"

/* Whether the programs that it needs are installed. */
gboolean keyring_session_is_possible (void);

/* Makes the folders and sets the environment; with @bus also starts the bus. */
void keyring_session_begin (gboolean bus);

/* Ends every process that was started in it, in whichever process, and removes its folder. */
void keyring_session_end (void);

const char *keyring_session_get_folder (void);

/* A connection of its own to the session's bus, which libsecret does not share. */
GDBusConnection *keyring_session_connect (void);

/*
 * Starts the keyring's daemon and waits until it is on the bus. With @unlock its
 * keyring "Login" is unlocked, and made if need be.
 */
void keyring_session_start_daemon (gboolean unlock);

/* SIGSTOP waits until it has stopped, SIGKILL until the bus has noticed. */
void keyring_session_signal_daemon (int signal);

/* The same from any thread, without waiting for the bus. */
void keyring_session_kill_daemon_now (void);

/* Locks its keyring, as the desktop does it. */
void keyring_session_lock (void);

G_END_DECLS
