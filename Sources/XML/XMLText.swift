/// Reads XML: nothing is defined, included or fetched by a text, and nothing in it is larger than the limits say.
///
/// A document type is refused, so there are no entities but those of XML itself.
public enum XMLText {
    /// The outermost element with all that is in it.
    public static func element(_ bytes: [UInt8], limits: XMLLimits = XMLLimits()) throws(XMLFault) -> XMLElement {
        var limits = limits
        limits.elements = min(limits.elements, limits.elementsHeld)
        do {
            var children: [XMLElement] = []
            var outermost = try forEachChild(of: bytes, limits: limits) { children.append($0) }
            outermost.children = children
            return outermost
        } catch let fault as XMLFault {
            throw fault
        } catch {
            // Nothing else is thrown above.
            throw XMLFault(.malformed, "\(error)")
        }
    }

    /// Hands out the children of the outermost element one by one, so that only one is held, and answers the outermost
    /// without them. What was handed out counts only if this does not throw: the end of the text may be missing.
    public static func forEachChild(
        of bytes: [UInt8], limits: XMLLimits = XMLLimits(), _ body: (XMLElement) throws -> Void
    ) throws -> XMLElement {
        guard bytes.count <= limits.bytes else {
            throw XMLFault(.tooLarge, "The XML has \(bytes.count) bytes; \(limits.bytes) are read at the most.")
        }
        let plain = try CleanXML(bytes, limits: limits).bytes
        return try withoutActuallyEscaping(body) { body in
            try XMLParsing(limits: limits, body).parse(plain)
        }
    }
}
