"""The servers: how each is started with a user alice (password secret) and an empty home for calendars.

Each answers the address that a person would be told.
"""

import hashlib
import imaplib
import os
import shutil
import sqlite3
import textwrap
from pathlib import Path

from process import Missing, Neighbour, free_port, need, need_root

HERE = Path(__file__).resolve().parent


def radicale(neighbour: Neighbour) -> str:
    program = need("radicale", "radicale")
    port = free_port()
    users = neighbour.write("users", "alice:secret\n")
    neighbour.start(
        [program, "--config", "", "--server-hosts", f"127.0.0.1:{port}", "--auth-type", "htpasswd"]
        + ["--auth-htpasswd-filename", str(users), "--auth-htpasswd-encryption", "plain"]
        + ["--storage-filesystem-folder", str(neighbour.path("data")), "--logging-level", "warning"]
    )
    neighbour.await_port(port)
    return f"http://127.0.0.1:{port}/"


def xandikos(neighbour: Neighbour) -> str:
    program = need("xandikos", "xandikos")
    port = free_port()
    folder = neighbour.path("data")
    folder.mkdir()
    neighbour.start(
        [program, "-d", str(folder), "--defaults", "--current-user-principal", "/alice/"]
        + ["-l", "127.0.0.1", "-p", str(port)],
        # It keeps everything in git, which wants to know who it is.
        {"HOME": str(neighbour.folder), "GIT_AUTHOR_NAME": "alice", "GIT_AUTHOR_EMAIL": "alice@example.org"},
    )
    neighbour.await_port(port)
    return f"http://127.0.0.1:{port}/"


def sabre1(neighbour: Neighbour) -> str:
    """Old, as some providers still are: Digest only, and no report of changes."""
    program = need("php", "php-cli php-sqlite3 php-xml php-mbstring php-sabre-dav")
    tables = Path("/usr/share/doc/php-sabre-dav/examples/sql")
    if not Path("/usr/share/php/Sabre/autoload.php").exists() or not tables.exists():
        raise Missing("sabre/dav is not installed: apt-get install --no-install-recommends php-sabre-dav php-sqlite3")
    database = sqlite3.connect(neighbour.path("sabre.db"))
    for name in ["addressbooks", "calendars", "locks", "principals", "users"]:
        database.executescript((tables / f"sqlite.{name}.sql").read_text())
    digest = hashlib.md5(b"alice:SabreDAV:secret").hexdigest()
    database.execute("INSERT INTO users (username, digesta1) VALUES ('alice', ?)", (digest,))
    for end in ["", "/calendar-proxy-read", "/calendar-proxy-write"]:
        database.execute(
            "INSERT INTO principals (uri, email, displayname) VALUES (?, ?, ?)",
            ("principals/alice" + end, "alice@example.org" if not end else None, "Alice" if not end else None),
        )
    database.execute(
        "INSERT INTO addressbooks (principaluri, displayname, uri) VALUES ('principals/alice', 'People', 'people')"
    )
    database.commit()
    database.close()
    port = free_port()
    neighbour.start(
        [program, "-S", f"127.0.0.1:{port}", str(HERE / "sabre1.php")],
        {"DAYBOOK_DATABASE": str(neighbour.path("sabre.db")), "PHP_CLI_SERVER_WORKERS": "4"},
    )
    neighbour.await_port(port)
    return f"http://127.0.0.1:{port}/"


def cyrus(neighbour: Neighbour) -> str:
    """The engine of Fastmail."""
    master = need("cyrmaster", "cyrus-imapd cyrus-caldav sasl2-bin libsasl2-modules-db")
    need("httpd", "cyrus-caldav")
    passwords = need("saslpasswd2", "sasl2-bin")
    need_root()
    port, mail_port = free_port(), free_port()
    folder = neighbour.folder
    for name in ["conf/db", "conf/socket", "mail", "run/proc", "run/lock", "sieve"]:
        neighbour.path(name).mkdir(parents=True)
    neighbour.write(
        "imapd.conf",
        textwrap.dedent(f"""\
            servername: localhost
            configdirectory: {folder}/conf
            proc_path: {folder}/run/proc
            mboxname_lockpath: {folder}/run/lock
            defaultpartition: default
            partition-default: {folder}/mail
            sievedir: {folder}/sieve
            admins: cyrus
            unixhierarchysep: yes
            allowplaintext: yes
            httpmodules: caldav carddav
            sasl_pwcheck_method: auxprop
            sasl_auxprop_plugin: sasldb
            sasl_sasldb_path: {folder}/sasldb2
            sasl_mech_list: PLAIN
            autocreate_post: yes
            autocreate_users: anyone
            autocreate_quota: 0
            caldav_create_default: yes
            carddav_create_default: yes
            """),
    )
    # A line each: the reader of this file takes no braces on one line.
    neighbour.write(
        "cyrus.conf",
        textwrap.dedent(f"""\
            START {{
              recover cmd="/usr/lib/cyrus/bin/ctl_cyrusdb -C {folder}/imapd.conf -r"
            }}
            SERVICES {{
              http cmd="/usr/lib/cyrus/bin/httpd -C {folder}/imapd.conf" listen="127.0.0.1:{port}" prefork=0
              imap cmd="/usr/lib/cyrus/bin/imapd -C {folder}/imapd.conf" listen="127.0.0.1:{mail_port}" prefork=0
            }}
            EVENTS {{
              checkpoint cmd="/usr/lib/cyrus/bin/ctl_cyrusdb -C {folder}/imapd.conf -c" period=30
            }}
            """),
    )
    neighbour.run(
        [passwords, "-p", "-f", str(neighbour.path("sasldb2")), "-c", "-u", "localhost", "alice"], text="secret\n"
    )
    neighbour.run(["chown", "-R", "cyrus:mail", str(folder)])
    neighbour.start(
        [master, "-D", "-C", str(neighbour.path("imapd.conf")), "-M", str(neighbour.path("cyrus.conf"))]
        + ["-p", str(neighbour.path("run/master.pid"))]
    )
    neighbour.await_port(mail_port)
    neighbour.await_port(port)
    # The first login makes the mailbox, without which there is no home for calendars.
    with imaplib.IMAP4("127.0.0.1", mail_port) as mail:
        mail.login("alice", "secret")
    return f"http://127.0.0.1:{port}/"


def database(neighbour: Neighbour, port: int | None = None) -> tuple[dict[str, str], str | None]:
    """A PostgreSQL of its own, which listens at a socket in the folder, at a port only if asked, and trusts whoever comes.

    Answers the environment in which its clients find it, and the user that it runs as.
    """
    programs = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if not programs:
        raise Missing("PostgreSQL is not installed: apt-get install --no-install-recommends postgresql-15")
    folder, data = programs[-1].parent, neighbour.path("database")
    data.mkdir(mode=0o700)
    # It refuses to run as root.
    user = "postgres" if os.geteuid() == 0 else None
    if user:
        shutil.chown(data, user)
    environment = {
        "PATH": f"{folder}:{os.environ.get('PATH', '/usr/bin:/bin')}",
        "PGHOST": str(data),
        "PGPORT": str(port or 5432),
        "PGUSER": "postgres",
        "TMPDIR": str(data),
    }
    neighbour.run(
        [str(folder / "initdb"), "-D", str(data / "files"), "-U", "postgres", "-A", "trust", "-E", "UTF8"]
        + ["--locale=C", "--no-sync"],
        user=user,
    )
    # What it holds goes with the folder, so nothing has to outlive the machine.
    options = [f"unix_socket_directories={data}", "fsync=off", "shared_buffers=16MB"]
    options += ["listen_addresses=127.0.0.1", f"port={port}"] if port else ["listen_addresses="]
    neighbour.start(
        [str(folder / "postgres"), "-D", str(data / "files")] + [word for option in options for word in ["-c", option]],
        user=user,
    )
    neighbour.await_success([str(folder / "pg_isready"), "-q"], environment=environment, user=user)
    return environment, user


def davical(neighbour: Neighbour) -> str:
    program = need("php", "davical postgresql-15 php-cli php-pgsql php-xml")
    schema = Path("/usr/share/davical/dba/create-database.sh")
    if not schema.exists():
        raise Missing("DAViCal is not installed: apt-get install --no-install-recommends davical php-pgsql php-xml")
    environment, user = database(neighbour)
    neighbour.run(["sh", str(schema), "davical", "unused"], environment=environment, user=user)
    neighbour.run(
        ["psql", "-q", "-X", "-v", "ON_ERROR_STOP=1", "davical"],
        text=textwrap.dedent("""\
            INSERT INTO usr (user_no, active, email_ok, username, password, fullname, email)
                VALUES (2, TRUE, current_date, 'alice', '**secret', 'Alice', 'alice@example.org');
            INSERT INTO principal (type_id, user_no, displayname, default_privileges)
                VALUES (1, 2, 'Alice', 0::BIT(24));
            INSERT INTO collection
                (user_no, parent_container, dav_name, dav_etag, dav_displayname, is_addressbook, is_calendar, resourcetypes)
                VALUES (2, '/alice/', '/alice/people/', md5('people'), 'People', TRUE, FALSE,
                    '<DAV::collection/><urn:ietf:params:xml:ns:carddav:addressbook/>');
            """),
        environment=environment,
        user=user,
    )
    port = free_port()
    neighbour.start(
        [program, "-S", f"127.0.0.1:{port}", "-d", "display_errors=0", str(HERE / "davical.php")],
        {**environment, "PHP_CLI_SERVER_WORKERS": "4"},
    )
    neighbour.await_port(port)
    return f"http://127.0.0.1:{port}/caldav.php/"


def sogo(neighbour: Neighbour) -> str:
    """It gives an ETag a second time, and lists every calendar as two files beside it as well."""
    program = need("sogod", "sogo memcached postgresql-15")
    memory = need("memcached", "memcached")
    # Its file of settings is for its own user to read.
    need_root()
    data_port, port = free_port(), free_port()
    environment, user = database(neighbour, data_port)
    neighbour.run(
        ["psql", "-q", "-X", "-v", "ON_ERROR_STOP=1", "postgres"],
        text=textwrap.dedent("""\
            CREATE ROLE sogo LOGIN PASSWORD 'sogo';
            CREATE DATABASE sogo OWNER sogo;
            \\connect sogo sogo
            CREATE TABLE people (c_uid text PRIMARY KEY, c_name text, c_password text, c_cn text, mail text);
            INSERT INTO people VALUES ('alice', 'alice', 'secret', 'Alice', 'alice@example.org');
            """),
        environment=environment,
        user=user,
    )
    home = neighbour.path("home")
    home.mkdir()
    shutil.chown(home, "sogo")
    socket_path = home / "memory"
    neighbour.start([memory, "-s", str(socket_path), "-m", "16"], user="sogo")
    neighbour.await_path(socket_path)

    def table(name: str) -> str:
        return f"postgresql://sogo:sogo@127.0.0.1:{data_port}/sogo/{name}"

    # What stands on its command line goes before what stands in its file.
    settings = {
        "SOGoProfileURL": table("user_profile"),
        "OCSFolderInfoURL": table("folder_info"),
        "OCSSessionsFolderURL": table("sessions_folder"),
        "OCSEMailAlarmsFolderURL": table("alarms_folder"),
        "OCSAdminURL": table("admin"),
        "SOGoTimeZone": "Europe/Berlin",
        "SOGoMailDomain": "example.org",
        "SOGoUserSources": '({type = sql; id = people; canAuthenticate = YES; isAddressBook = YES; displayName = "People";'
        + f'viewURL = "{table("people")}"; userPasswordAlgorithm = plain;}})',
        "SOGoMemcachedHost": str(socket_path),
        "SOGoCalendarDAVAccessEnabled": "YES",
        "SOGoAppointmentSendEMailNotifications": "NO",
        "WOPort": f"127.0.0.1:{port}",
        "WOWorkersCount": "3",
        "WOPidFile": str(home / "pid"),
        "WOLogFile": "-",
        "WONoDetach": "YES",
    }
    neighbour.start(
        [program] + [word for name, value in settings.items() for word in [f"-{name}", value]],
        {"HOME": str(home), "GNUSTEP_USER_ROOT": str(home)},
        user="sogo",
    )
    neighbour.await_port(port)
    return f"http://127.0.0.1:{port}/SOGo/dav/"


PRODUCTS = {"radicale": radicale, "xandikos": xandikos, "sabre1": sabre1, "cyrus": cyrus, "davical": davical, "sogo": sogo}
