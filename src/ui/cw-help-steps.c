/*
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "cw-help-private.h"

static const CwHelpPart purpose[] = {
  { CW_HELP_TEXT,
    N_ ("The system that will use the certificate, the consumer, decides what is usual: the kind "
        "of key, the names, and the form in which it wants the result. Choose it, and all of this "
        "is filled in. Those that are needed less often are behind “Something Else”.") },
  { CW_HELP_TEXT, N_ ("Then choose who signs the certificate:") },
  { CW_HELP_ITEM, N_ ("“A CA elsewhere” is what most services want. A request goes there, and the "
                      "certificate comes back after hours or weeks.") },
  { CW_HELP_ITEM, N_ ("“Myself (self-signed)” is done at once. It is for services that are told "
                      "this one certificate.") },
  { CW_HELP_ITEM, N_ ("“A private CA kept here” is done at once too, for servers and devices that "
                      "were told to trust that CA.") },
  { CW_HELP_TEXT,
    N_ ("If you do not know, ask the owner of the service who issues its client certificates.") },
  { CW_HELP_END, NULL },
};

static const CwHelpPart subject[] = {
  { CW_HELP_TEXT, N_ ("A certificate names who will show it: a person, a device or a service. Many "
                      "servers decide by this name who is calling, so enter it exactly as the "
                      "owner of the service wants it.") },
  { CW_HELP_ITEM, N_ ("The name (common name) is what people see first: a person’s name or e-mail "
                      "address, the name of a device, the host name of a server.") },
  { CW_HELP_ITEM, N_ ("Other names (subject alternative names) are addresses of the same owner. "
                      "Some servers look only here.") },
  { CW_HELP_ITEM, N_ ("What it may do (extended key usage) has to contain client authentication. "
                      "Leave the others off unless you were told to ask for them.") },
  { CW_HELP_TEXT,
    N_ ("The CA may change or leave out any of it. The report on its reply says where it did.") },
  { CW_HELP_END, NULL },
};

static const CwHelpPart key[] = {
  { CW_HELP_TEXT, N_ ("The private key proves that the certificate is yours. It is made on this "
                      "computer, stored in the keyring, and read back from there before the "
                      "request can be seen. The CA never gets it.") },
  { CW_HELP_TEXT, N_ ("Which kind is right depends on what the other side takes:") },
  { CW_HELP_ITEM, N_ ("RSA 3072 works everywhere.") },
  { CW_HELP_ITEM,
    N_ ("EC P-256 is smaller and faster, which suits devices, and is not accepted everywhere.") },
  { CW_HELP_ITEM, N_ ("“More Kinds” has others, for those who were told to use one.") },
  { CW_HELP_TEXT, N_ ("The recommended kind is the one that fits the consumer best. Once the "
                      "request has been made, another kind needs a new request.") },
  { CW_HELP_TEXT, N_ ("What is signed here also gets its last day on this page.") },
  { CW_HELP_END, NULL },
};

static const CwHelpPart review[] = {
  { CW_HELP_TEXT, N_ ("This is the last look before anything is made. Pressing a line leads to "
                      "where it was entered.") },
  { CW_HELP_TEXT, N_ ("“Create Request” makes the private key, stores it in the keyring, and makes "
                      "the request (CSR): the public half of the key, the names, and what the "
                      "certificate is to be used for. Nothing leaves this computer yet.") },
  { CW_HELP_TEXT,
    N_ ("Where you sign yourself or with a private CA, the certificate is made at this moment.") },
  { CW_HELP_END, NULL },
};

static const CwHelpPart request[] = {
  { CW_HELP_TEXT,
    N_ ("The CA makes the certificate from the request. The request is not secret: it may go by "
        "e-mail or in a ticket, to the owner of the service or to their CA.") },
  { CW_HELP_ITEM, N_ ("Copy it, save it, or have a mail opened. Most CAs want it as text (PEM), a "
                      "few want the binary form (DER).") },
  { CW_HELP_ITEM, N_ ("If the CA reads out the same fingerprint by phone, nobody has changed the "
                      "request on its way.") },
  { CW_HELP_TEXT, N_ ("Then you can close Certwright. The entry waits in the list, for hours or "
                      "weeks, and its private key waits in the keyring.") },
  { CW_HELP_TEXT, N_ ("Do not delete the entry while it waits. Without the key, the certificate "
                      "that comes back is of no use.") },
  { CW_HELP_END, NULL },
};

static const CwHelpPart reply[] = {
  { CW_HELP_TEXT, N_ ("Bring whatever the CA sent: drop the files on the window, choose them, or "
                      "paste the text of the mail. Names and forms do not matter: PEM, DER, PKCS#7 "
                      "(.p7b), PKCS#12 (.p12, .pfx), ZIP files and whole folders are read.") },
  { CW_HELP_TEXT,
    N_ ("Your certificate is recognised by its key. The report then says whether it will work:") },
  { CW_HELP_ITEM, N_ ("A problem will make it fail.") },
  { CW_HELP_ITEM, N_ ("A warning may make it fail, or will before long.") },
  { CW_HELP_ITEM, N_ ("A note is worth knowing, and does no harm.") },
  { CW_HELP_TEXT, N_ ("Where the CA made a mistake, “Copy a Text for the CA” gives you the words "
                      "to send back. The request stays as it is: the CA can answer it again.") },
  { CW_HELP_TEXT, N_ ("If a certificate of the CA is missing and yours says where it is, “Fetch "
                      "It…” gets it from there.") },
  { CW_HELP_END, NULL },
};

static const CwHelpPart test[] = {
  { CW_HELP_TEXT,
    N_ ("The test connects to the server as the consumer will, once without your certificate and "
        "once with it. It says in one sentence what came of it, and who has to do something.") },
  { CW_HELP_ITEM, N_ ("Choose which CAs the certificate of the server may come from: those of this "
                      "system, those that came with the reply, or those in a file. That is about "
                      "the server; your own certificate may come from another CA.") },
  { CW_HELP_ITEM, N_ ("Enter the address as the consumer will use it. It begins with https://, "
                      "wss:// or mqtts://.") },
  { CW_HELP_TEXT, N_ ("The private key does not leave this computer. A message is published only "
                      "if you let it be.") },
  { CW_HELP_TEXT, N_ ("“Copy Report” has all that was found, for whoever runs the server.") },
  { CW_HELP_END, NULL },
};

static const CwHelpPart use[] = {
  { CW_HELP_TEXT, N_ ("This is what the consumer needs, exactly as it is to be pasted or saved. "
                      "The private key in it is hidden until you ask for it.") },
  { CW_HELP_ITEM, N_ ("“Copy” puts it on the clipboard, which is emptied after 60 seconds. A "
                      "clipboard manager that keeps a history may keep the key all the same.") },
  { CW_HELP_ITEM, N_ ("“Save…” makes a file that only you can read. If the key is in it, delete it "
                      "once it has been used.") },
  { CW_HELP_ITEM, N_ ("“Save All Files…” puts them into a folder, and the commands on the page "
                      "then name them.") },
  { CW_HELP_TEXT, N_ ("Follow the steps under “Where to Paste It”: in another field, the key might "
                      "be shown to others.") },
  { CW_HELP_TEXT, N_ ("Leave the check of the server on. Without it, anyone in between can pretend "
                      "to be the server.") },
  { CW_HELP_END, NULL },
};

static const CwHelpPart overview[] = {
  { CW_HELP_TEXT,
    N_ ("This page has all there is to know about a certificate: what it says, until when it is "
        "valid, who vouches for it, and whether it worked when it was last tested.") },
  { CW_HELP_ITEM, N_ ("“Use It” shows the configuration for its consumer again.") },
  { CW_HELP_ITEM,
    N_ ("“Test It”, or “Test Again”, asks the server whether it takes the certificate.") },
  { CW_HELP_ITEM,
    N_ ("To renew it, press “Start a New Request”. What was entered is there already.") },
  { CW_HELP_ITEM, N_ ("“Export…” writes key and certificates to a file, for another program or "
                      "another computer.") },
  { CW_HELP_ITEM,
    N_ ("“Delete…” removes the entry and its private key. Nobody can bring the key back.") },
  { CW_HELP_TEXT, N_ ("The chain leads from your certificate to the CA that signed it, and on to a "
                      "root. A server trusts the certificate if it knows the CA at the top.") },
  { CW_HELP_END, NULL },
};

static const CwHelpPart export[] = {
  { CW_HELP_TEXT, N_ ("“Export…” makes a file for another program or another computer. Choose its "
                      "kind, and press “Save…”.") },
  { CW_HELP_ITEM, N_ ("“PKCS#12” has key, certificate and chain in one file. Browsers, phones and "
                      "most programs open it.") },
  { CW_HELP_ITEM, N_ ("The one for old Windows and macOS is weak: use it only where the other one "
                      "is refused, and delete it at once.") },
  { CW_HELP_ITEM, N_ ("“Encrypted Private Key” has the key alone. It can be exported before the "
                      "certificate is here.") },
  { CW_HELP_ITEM, N_ ("“Certificate and Its Chain” has no key. It is not secret.") },
  { CW_HELP_TEXT, N_ ("The passphrase protects the key in the file. It is kept nowhere: without "
                      "it, nobody can open the file.") },
  { CW_HELP_END, NULL },
};

static const CwHelpPart commands[] = {
  { CW_HELP_TEXT,
    N_ ("“Show the Commands…” has what does the same by hand with the program openssl, step by "
        "step. Use it to see what happens, or on a computer without Certwright.") },
  { CW_HELP_TEXT, N_ ("The commands work on files in the current folder. The private key is in one "
                      "of them then, not in the keyring: keep it where only you can read it.") },
  { CW_HELP_TEXT,
    N_ ("Those who like the command line better can use certwright-cli, which works with the same "
        "list and the same keyring. Its manual is opened with “man certwright-cli”.") },
  { CW_HELP_END, NULL },
};

const CwHelpPage cw_help_steps[] = {
  { "purpose", N_ ("What Is It For?"), purpose, LIST ("subject", "authority"), NULL, NULL },
  { "subject", N_ ("Who Is It For?"), subject, LIST ("key", "report-names"), NULL, NULL },
  { "key", N_ ("The Key"), key, LIST ("review", "storage"), NULL, NULL },
  { "review", N_ ("Review"), review, LIST ("request", "commands"), NULL, NULL },
  { "request", N_ ("The Request"), request, LIST ("reply"), NULL, NULL },
  { "reply", N_ ("The Reply"), reply, LIST ("report-reply", "report-chain", "test"), NULL, NULL },
  { "test", N_ ("Does It Work?"), test, LIST ("test-reach", "test-server", "test-certificate"),
    NULL, NULL },
  { "use", N_ ("Use It"), use, LIST ("overview", "storage"), NULL, NULL },
  { "overview", N_ ("The Details of a Certificate"), overview, LIST ("report-dates", "export"),
    NULL, NULL },
  { "export", N_ ("Export"), export, LIST ("moving", "use"), NULL, NULL },
  { "commands", N_ ("The Same by Hand"), commands, LIST ("storage"), NULL, NULL },
  { NULL, NULL, NULL, NULL, NULL, NULL },
};
