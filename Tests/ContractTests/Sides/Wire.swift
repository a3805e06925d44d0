import Foundation
import HTTP
import Neighbours
import Secrets

/// Asks servers beside the test what Daybook never asks: to write, and what control offers.
final class Wire {
    let url: String
    private let client: Client
    private let login: (name: String, password: String)?

    init(_ url: String, login: (name: String, password: String)? = nil) {
        self.url = url
        self.login = login
        var options = Client.Options()
        options.allowed = Set(["127.0.0.0/8"].compactMap { try? Allowance($0) })
        client = Client(options)
    }

    struct Refused: Error, CustomStringConvertible {
        let description: String
    }

    /// - Parameter path: behind the address of the server; or a whole address.
    @discardableResult
    func ask(
        _ method: String, _ path: String, _ body: String = "", type: String = "application/json",
        headers: [Header] = [], mayFail: Bool = false
    ) throws -> Response {
        let address = try Address(path.hasPrefix("http") ? path : url + path)
        var request = HTTP.Request(method, address)
        request.followsRedirects = false
        request.isRepeatable = true
        request.headers = headers
        if !body.isEmpty {
            request.headers.append(Header("Content-Type", type))
            request.body = Array(body.utf8)
        }
        if let login {
            request.credentials = Credentials(
                .password(login: login.name, Secret(login.password)), for: address.origin)
        }
        let response = try client.send(request)
        guard mayFail || response.status < 400 else {
            throw Refused(
                description: "\(method) \(path): \(response.status) \(String(decoding: response.body, as: UTF8.self))")
        }
        return response
    }

    /// Asks the control of an emulator.
    @discardableResult
    func control(_ method: String, _ path: String, _ body: Any? = nil) throws -> Any {
        let text = try body.map { String(decoding: try JSONSerialization.data(withJSONObject: $0), as: UTF8.self) }
        let response = try ask(method, "/_control/" + path.replacing("#", with: "%23"), text ?? "")
        return response.body.isEmpty
            ? [:] : try JSONSerialization.jsonObject(with: Data(response.body), options: .fragmentsAllowed)
    }
}

/// Servers that no test uses at the moment: to start one takes longer than most tests.
enum Pool {
    private nonisolated(unsafe) static var idle: [String: [Neighbour]] = [:]
    private static let lock = NSLock()

    static func take(_ command: [String]) throws -> Neighbour {
        let key = command.joined(separator: " ")
        if let neighbour = lock.withLock({ unsafe idle[key]?.popLast() }) { return neighbour }
        return try Neighbour(command)
    }

    static func give(_ neighbour: Neighbour, _ command: [String]) {
        lock.withLock { unsafe idle[command.joined(separator: " "), default: []].append(neighbour) }
    }
}

/// A server that is this test's for as long as it holds it.
final class Lent {
    private let command: [String]
    private let neighbour: Neighbour

    init(_ command: [String]) throws {
        self.command = command
        neighbour = try Pool.take(command)
    }

    deinit { Pool.give(neighbour, command) }

    var url: String { neighbour.url }
}
