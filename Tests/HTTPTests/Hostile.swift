import Foundation
import HTTP
import Neighbours
import Secrets

/// The hostile server, one for all tests, which tell their requests apart by a name in them.
///
/// It is unchecked for the sake of the neighbour, which nobody touches but to start it.
final class Hostile: @unchecked Sendable {
    struct Asked: Decodable {
        var place: String
        var connection: Int
        var method: String
        var target: String
        var headers: [[String]]
        var body: String

        func header(_ name: String) -> String? { headers.first { $0[0].lowercased() == name.lowercased() }?[1] }
    }

    static func shared() throws -> Hostile { try started.get() }

    private static let started = Result { try Hostile(["--tls"]) }

    let base: Address
    private(set) var places: [String: String] = [:]
    private let neighbour: Neighbour

    init(_ arguments: [String]) throws {
        neighbour = try Neighbour(["tools/emulators/hostile/run"] + arguments)
        base = try Address(neighbour.url)
        places = try JSONDecoder().decode([String: String].self, from: control("GET", "places"))
    }

    var url: String { neighbour.url }

    /// A client that may open this server, and knows its authority.
    func client(_ change: (inout Client.Options) throws -> Void = { _ in }) throws -> Client {
        var options = Client.Options()
        options.allowed = [try Allowance("127.0.0.1")]
        options.authorities = places["authority"]
        try change(&options)
        return Client(options)
    }

    func address(_ path: String) throws -> Address { try Address(base.origin.description + path) }

    func place(_ name: String, _ path: String = "/echo") throws -> Address {
        guard let place = places[name] else { throw HTTPError(.badAddress, "there is no place named \(name)") }
        return try Address(place + path)
    }

    func get(_ path: String, _ limits: (inout Limits) -> Void = { _ in }) throws -> Request {
        var request = Request("GET", try address(path))
        limits(&request.limits)
        return request
    }

    /// What it was asked with this word in it, in order.
    func asked(_ word: String) throws -> [Asked] {
        struct Log: Decodable { var requests: [Asked] }
        return try JSONDecoder().decode(Log.self, from: control("GET", "requests")).requests
            .filter { $0.target.contains(word) }
    }

    func spoil(_ kind: String, at: Int = 1, times: Int = 1) throws {
        _ = try control("POST", "fault", #"{"kind": "\#(kind)", "at": \#(at), "times": \#(times)}"#)
    }

    func control(_ method: String, _ name: String, _ body: String = "") throws -> Data {
        Data(try client().send(Request(method, address("/_control/" + name), body: Array(body.utf8))).body)
    }

    static let login = "joe"
    static let password = "Geheim-1"

    static func credentials(for address: Address, password: String = password) -> Credentials {
        Credentials(.password(login: login, Secret(password)), for: address.origin)
    }
}

extension Response {
    var text: String { String(decoding: body, as: UTF8.self) }
}

extension Result where Failure == HTTPError {
    var failure: HTTPError? {
        guard case .failure(let error) = self else { return nil }
        return error
    }
}
