/** What a new email begins with: short, and complete enough to go live. */
export const STARTER = `<mjml>
  <mj-head>
    <mj-attributes><mj-all font-family="Helvetica, Arial, sans-serif" /></mj-attributes>
  </mj-head>
  <mj-body background-color="#f4f3ef">
    <mj-section background-color="#ffffff" padding="32px">
      <mj-column>
        <mj-text font-size="22px" font-weight="600">Hello {{ contact.first_name | default: "there" }}</mj-text>
        <mj-text line-height="1.6">Say what you have to say here.</mj-text>
        <mj-button href="https://example.com/" background-color="#23408e">Read more</mj-button>
      </mj-column>
    </mj-section>
    <mj-section>
      <mj-column>
        <mj-text font-size="12px" color="#666666" align="center">
          {{ content_settings.address_main }}<br />
          <a href="{{ content_settings.subscription_center }}">Change what you receive</a>
        </mj-text>
      </mj-column>
    </mj-section>
  </mj-body>
</mjml>
`;

/** What a confirmation request begins with. */
export const CONFIRMATION_STARTER = `<mjml>
  <mj-head>
    <mj-attributes><mj-all font-family="Helvetica, Arial, sans-serif" /></mj-attributes>
  </mj-head>
  <mj-body background-color="#f4f3ef">
    <mj-section background-color="#ffffff" padding="32px">
      <mj-column>
        <mj-text font-size="22px" font-weight="600">One click, and it is settled</mj-text>
        <mj-text line-height="1.6">
          Hello {{ contact.first_name | default: "there" }}, you have asked for this:
          {{ message.confirmation_object_name }} {{ message.confirmation_object_description }}
        </mj-text>
        <mj-button href="{{ message.confirmation_url }}" background-color="#23408e">Yes, I confirm</mj-button>
        <mj-text line-height="1.6">If it was not you, do nothing: without your answer nothing changes.</mj-text>
      </mj-column>
    </mj-section>
    <mj-section>
      <mj-column>
        <mj-text font-size="12px" color="#666666" align="center">{{ content_settings.address_main }}</mj-text>
      </mj-column>
    </mj-section>
  </mj-body>
</mjml>
`;
