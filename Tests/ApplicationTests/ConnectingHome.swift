import Entries
import Foundation
import HTTP
import Secrets

@testable import Application

/// The Internet as a few lines: a feed, a CalDAV server with one calendar, and Google with one account. It remembers what it
/// was asked, and what each of them answers can be changed.
final class SmallInternet: Transport, @unchecked Sendable {
    // Unchecked: a home asks from one thread.
    var feed = SmallInternet.calendar(["one", "two"])
    var password = "secret"
    var isFeedThere = true
    /// For how many seconds all hosts want to be left alone; nil while they answer.
    var busySeconds: Int?
    /// Somebody here asks to stop while it is being asked.
    var isInterrupted = false
    /// Whose contacts Google says they are; nil where it does not.
    var owner: String? = "people/1"
    /// What Google's token endpoint answers.
    var grant = (
        200, #"{"access_token":"CANARY-ACCESS","refresh_token":"CANARY-REFRESH","expires_in":3600,"scope":"SCOPE"}"#
    )
    /// What Google answers when a grant is taken back.
    var revocation = 200
    private(set) var requests: [HTTP.Request] = []

    /// What was asked of Google's door for grants that are over.
    var revoked: [String] {
        requests.filter { $0.address.path == "/revoke" }.map { String(decoding: $0.body, as: UTF8.self) }
    }

    func send(_ requests: [HTTP.Request]) -> [Result<Response, HTTPError>] {
        self.requests += requests
        if isInterrupted { return requests.map { _ in .failure(HTTPError(.interrupted, "It was interrupted.")) } }
        return requests.map { .success(answer($0)) }
    }

    private func answer(_ request: HTTP.Request) -> Response {
        if let busySeconds {
            return Response(
                status: 503, headers: [Header("Retry-After", "\(busySeconds)")], body: [], address: request.address)
        }
        return switch request.address.origin.host {
        case "feeds.example": isFeedThere ? reply(request, 200, feed, "text/calendar") : reply(request, 404, "")
        case "dav.example": dav(request)
        case "oauth2.googleapis.com" where request.address.path == "/revoke":
            reply(request, revocation, #"{"error":"invalid_client"}"#, "application/json")
        case "oauth2.googleapis.com":
            reply(
                request, grant.0,
                grant.1.split(separator: "SCOPE", omittingEmptySubsequences: false).joined(
                    separator:
                        "https://www.googleapis.com/auth/calendar.events.readonly https://www.googleapis.com/auth/calendar.calendarlist.readonly https://www.googleapis.com/auth/contacts.readonly"
                ), "application/json")
        case "www.googleapis.com": google(request)
        case "people.googleapis.com":
            request.address.path == "/v1/people/me"
                ? reply(request, owner == nil ? 404 : 200, #"{"resourceName":"\#(owner ?? "")"}"#, "application/json")
                : reply(request, 200, #"{"connections":[],"nextSyncToken":"t"}"#, "application/json")
        default: reply(request, 404, "")
        }
    }

    private func reply(_ request: HTTP.Request, _ status: Int, _ body: String, _ type: String = "text/xml") -> Response
    {
        Response(
            status: status, headers: [Header("Content-Type", type)], body: Array(body.utf8), address: request.address)
    }

    private func google(_ request: HTTP.Request) -> Response {
        request.address.path.hasSuffix("/calendarList")
            ? reply(
                request, 200,
                #"{"items":[{"id":"ada@brandt.example","summary":"Ada","primary":true,"selected":true,"accessRole":"owner"}]}"#,
                "application/json")
            : reply(request, 200, #"{"items":[],"nextSyncToken":"t"}"#, "application/json")
    }

    // MARK: CalDAV

    private func dav(_ request: HTTP.Request) -> Response {
        var isLetIn = false
        if case .password(let login, let secret)? = request.credentials?.kind {
            isLetIn = login == "ada" && secret == Secret(password)
        }
        guard isLetIn else { return reply(request, 401, "") }
        let property =
            switch request.address.path {
            case "/ada/work/":
                Self.found(
                    "/ada/work/",
                    """
                    <d:resourcetype><d:collection/><c:calendar/></d:resourcetype><d:displayname>Team</d:displayname>
                    <d:sync-token>token-1</d:sync-token>
                    """)
            case "/ada/":
                Self.found("/ada/", "<d:resourcetype><d:collection/></d:resourcetype>")
                    + Self.found(
                        "/ada/work/",
                        """
                        <d:resourcetype><d:collection/><c:calendar/></d:resourcetype><d:displayname>Team</d:displayname>
                        <d:sync-token>token-1</d:sync-token>
                        """)
            default:
                Self.found(
                    request.address.path,
                    """
                    <d:current-user-principal><d:href>/principal/</d:href></d:current-user-principal>
                    <c:calendar-home-set><d:href>/ada/</d:href></c:calendar-home-set>
                    """)
            }
        return reply(
            request, 207,
            #"<?xml version="1.0"?><d:multistatus xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav">\#(property)"#
                + (request.method == "REPORT" ? "<d:sync-token>token-1</d:sync-token>" : "") + "</d:multistatus>")
    }

    private static func found(_ href: String, _ properties: String) -> String {
        "<d:response><d:href>\(href)</d:href><d:propstat><d:prop>\(properties)</d:prop>"
            + "<d:status>HTTP/1.1 200 OK</d:status></d:propstat></d:response>"
    }

    // MARK: Texts

    static func calendar(_ uids: [String]) -> String {
        let events = uids.map { uid in
            "BEGIN:VEVENT\r\nUID:\(uid)\r\nDTSTAMP:20251201T000000Z\r\nDTSTART:20251210T090000Z\r\nDURATION:PT1H\r\n"
                + "SUMMARY:\(uid)\r\nATTENDEE:mailto:jane@doe.example\r\nEND:VEVENT\r\n"
        }
        return "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nX-WR-CALNAME:Club\r\n\(events.joined())END:VCALENDAR\r\n"
    }
}

extension RunningHome {
    /// A home that reaches nothing but this.
    @discardableResult
    func reach(_ internet: SmallInternet) -> SmallInternet {
        options.network = Network(transport: { _ in internet }, wait: { _ in })
        return internet
    }
}

/// A request of each kind that connects something, in an order in which each can be answered.
enum ConnectingSamples {
    static func requests(_ home: RunningHome) -> [any Application.Request] {
        home.reach(SmallInternet())
        var feed = ConnectServerRequest(.feed, address: Confided(Secret("https://feeds.example/CANARY-FEED.ics")))
        feed.terms.minutes = 60
        var server = ConnectServerRequest(.caldav, address: Confided(Secret("https://dav.example/")))
        (server.login, server.password, server.calendars) = ("ada", Confided(Secret("secret")), ["Team"])
        server.terms.name = "Server"
        var again = ReconnectServerRequest(user: nil, connection: "Server")
        again.password = Confided(Secret("secret"))
        var provider = SetProviderRequest(user: nil, provider: "google", clientID: "id.example")
        provider.clientSecret = Confided(Secret("CANARY-CLIENT"))
        var preview = feed
        (preview.isDryRun, preview.isPreviewed) = (true, true)
        preview.address = Confided(Secret("https://feeds.example/other.ics"))
        return [
            preview, feed, server, again, TestConnectionRequest(user: nil, connection: "Server"), provider,
            ProvidersRequest(user: nil), BeginGrantRequest(user: nil, provider: "google", way: .manual),
            RemoveProviderRequest(user: nil, provider: "google"),
        ]
    }
}
