import Application
import Entries
import Secrets

/// How a connection is read and logged, as every body that makes one says it.
enum TermNotes {
    static let all: [String: FieldNote] = [
        "name": FieldNote("What it is called.", most: 200, isFilled: true),
        "email": FieldNote("Your own address in it.", most: 320),
        "from_days": FieldNote("How many days back are read.", in: 0...365),
        "to_days": FieldNote("How many days ahead are read.", in: 0...365),
        "minutes": FieldNote("How many minutes lie between two readings.", in: 5...1_440),
        "is_auto_log_enabled": FieldNote("Whether past meetings are logged by themselves."),
        "logs_only_later": FieldNote("Past meetings are left alone, and only later ones logged."),
        "keeps_private": FieldNote("Private meetings are kept whole, and not only as busy time."),
        "calendars": FieldNote("Names of the calendars to read; all that the server shows where nothing is said."),
    ]
}

struct ServerBody: WebBody {
    let kind: ConnectServerRequest.Kind
    let address: Confided
    let login: String?
    let password: Confided?
    let name: String?
    let email: String?
    let fromDays: Int64?
    let toDays: Int64?
    let minutes: Int64?
    let isAutoLogEnabled: Bool?
    let logsOnlyLater: Bool?
    let keepsPrivate: Bool?
    let calendars: [String]?
    let book: String?
    let allowsPlain: Bool?
    let isPreviewed: Bool?

    static let notes = TermNotes.all.merging([
        "kind": FieldNote("What it is."),
        "address": FieldNote("A URL, a host, or an e-mail address.", isFilled: true),
        "login": FieldNote("The user name there.", most: 320),
        "password": FieldNote("An app password; it is encrypted, and shown nowhere."),
        "book": FieldNote("Which of several address books, by name.", most: 200),
        "allows_plain": FieldNote("A feed may be read without encryption."),
        "is_previewed": FieldNote("Of a test: reads everything, and says what would be logged."),
    ]) { $1 }

    func request(_ user: String) -> ConnectServerRequest {
        var request = ConnectServerRequest(kind, address: address)
        request.user = user
        request.login = login
        request.password = password
        (request.terms.name, request.terms.email) = (name, email)
        (request.terms.fromDays, request.terms.toDays, request.terms.minutes) = (fromDays, toDays, minutes)
        request.terms.isAutoLogEnabled = isAutoLogEnabled
        request.terms.logsOnlyLater = logsOnlyLater ?? false
        request.terms.keepsPrivate = keepsPrivate
        request.calendars = calendars
        request.book = book
        request.allowsPlain = allowsPlain ?? false
        request.isPreviewed = isPreviewed ?? false
        return request
    }
}

struct ConnectionChangeBody: WebBody {
    let name: String?
    let email: String?
    let fromDays: Int64?
    let toDays: Int64?
    let minutes: Int64?
    let isSyncEnabled: Bool?
    let isAutoLogEnabled: Bool?
    let isBackfill: Bool?
    let keepsPrivate: Bool?
    let seenVersion: Int64?

    static let notes = TermNotes.all.merging([
        "is_sync_enabled": FieldNote("Whether it is read by itself."),
        "is_backfill": FieldNote("Past meetings are logged as well, not only later ones."),
        "seen_version": FieldNote("The version that you saw; a change since then refuses this one.", in: 1...Int64.max),
    ]) { $1 }

    func request(_ user: String, _ connection: String) -> ChangeConnectionRequest {
        var request = ChangeConnectionRequest(user: user, connection: connection)
        (request.newName, request.email) = (name, email)
        (request.fromDays, request.toDays, request.minutes) = (fromDays, toDays, minutes)
        (request.isSyncEnabled, request.isAutoLogEnabled) = (isSyncEnabled, isAutoLogEnabled)
        request.isBackfill = isBackfill ?? false
        request.keepsPrivate = keepsPrivate
        request.seenVersion = seenVersion
        return request
    }
}

struct PauseBody: WebBody {
    let note: String?
    let seenVersion: Int64?

    static let notes = [
        "note": FieldNote("Why, in your words."),
        "seen_version": FieldNote("The version that you saw; a change since then refuses this one.", in: 1...Int64.max),
    ]

    func request(_ user: String, _ connection: String, isPaused: Bool) -> PauseConnectionRequest {
        var request = PauseConnectionRequest(user: user, connection: connection, isPaused: isPaused)
        request.note = note
        request.seenVersion = seenVersion
        return request
    }
}

struct CredentialsBody: WebBody {
    let address: Confided?
    let login: String?
    let password: Confided?

    static let notes = [
        "address": FieldNote("A new address; what is known where nothing is said.", isFilled: true),
        "login": FieldNote("The user name there.", most: 320),
        "password": FieldNote("The new app password."),
    ]

    func request(_ user: String, _ connection: String) -> ReconnectServerRequest {
        var request = ReconnectServerRequest(user: user, connection: connection)
        (request.address, request.login, request.password) = (address, login, password)
        return request
    }
}

struct GrantBody: WebBody {
    enum Way: String, Codable, Sendable, CaseIterable { case page, manual, device }
    enum Kind: String, Codable, Sendable, CaseIterable { case google, microsoft }

    let provider: Kind
    let way: Way
    let isForPeople: Bool?
    let email: String?

    static let notes = [
        "provider": FieldNote("Whose account it is."),
        "way": FieldNote(
            "How its owner says yes: on a page that comes back here, on a page whose address is copied by hand, or with a "
                + "code on another device."),
        "is_for_people": FieldNote("The contacts are wanted, and not the calendars."),
        "email": FieldNote("Which account, where that is known.", most: 320),
    ]

    /// Where the browser is sent back to is the service's to say: whoever asks could send an account elsewhere.
    func request(_ call: Call) throws -> BeginGrantRequest {
        var request = BeginGrantRequest(
            user: call.user, provider: provider.rawValue, way: way == .device ? .device : .manual)
        if way == .page {
            guard let place = call.means.grantReturn else {
                throw Refusal(
                    .conflict, "this service has no address to which a browser could come back",
                    hint: "Ask for the way “manual” or “device”.")
            }
            request.redirect = place
        }
        request.isForPeople = isForPeople ?? false
        request.email = email
        return request
    }
}

struct GrantEndBody: WebBody {
    let redirected: Confided?
    let name: String?
    let email: String?
    let fromDays: Int64?
    let toDays: Int64?
    let minutes: Int64?
    let isAutoLogEnabled: Bool?
    let logsOnlyLater: Bool?
    let keepsPrivate: Bool?
    let calendars: [String]?
    let isPreviewed: Bool?
    let reconnecting: String?

    static let notes = TermNotes.all.merging([
        "redirected": FieldNote("The address to which the browser was sent; nothing for a device.", most: 8_000),
        "is_previewed": FieldNote("Stores nothing, and says what would be logged."),
        "reconnecting": FieldNote("The connection that gets the new grant.", identifies: .connection),
    ]) { $1 }

    func request(_ user: String, _ grant: String) -> FinishGrantRequest {
        var request = FinishGrantRequest(user: user, grant: grant)
        request.redirected = redirected
        (request.terms.name, request.terms.email) = (name, email)
        (request.terms.fromDays, request.terms.toDays, request.terms.minutes) = (fromDays, toDays, minutes)
        request.terms.isAutoLogEnabled = isAutoLogEnabled
        request.terms.logsOnlyLater = logsOnlyLater ?? false
        request.terms.keepsPrivate = keepsPrivate
        request.calendars = calendars
        request.isPreviewed = isPreviewed ?? false
        request.reconnecting = reconnecting
        return request
    }
}

struct ProviderBody: WebBody {
    let clientId: String
    let clientSecret: Confided?
    let tenant: String?
    let base: String?

    static let notes = [
        "client_id": FieldNote("The id of the client, as its console shows it.", isFilled: true),
        "client_secret": FieldNote("Its secret; encrypted, and shown nowhere."),
        "tenant": FieldNote("Of Microsoft: whose accounts may connect.", most: 200),
        "base": FieldNote("Where its interface lies, if not where it does for everybody."),
    ]

    func request(_ user: String, _ provider: String) -> SetProviderRequest {
        var request = SetProviderRequest(user: user, provider: provider, clientID: clientId)
        (request.clientSecret, request.tenant, request.base) = (clientSecret, tenant, base)
        return request
    }
}
