import Foundation
import WebServer

@testable import Service

/// What a test reads of an answer.
extension Reply {
    var bytes: [UInt8] { if case .bytes(let bytes) = body { bytes } else { [] } }

    var text: String { String(decoding: bytes, as: UTF8.self) }

    func header(_ name: String) -> String? { headers.first { $0.name.lowercased() == name.lowercased() }?.value }

    func json() throws -> JSONValue { try JSONDecoder().decode(JSONValue.self, from: Data(bytes)) }

    var object: [String: Any] { (try? JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any]) ?? [:] }

    /// The code of a refusal; nil where it is none.
    var code: String? { (try? json()["code"]).flatMap { if case .text(let code) = $0 { code } else { nil } } }

    var field: String? { (try? json()["field"]).flatMap { if case .text(let field) = $0 { field } else { nil } } }
}
