"""How people sign in: django-allauth, the providers that the environment names, second factors. docs/accounts.md."""

from datetime import timedelta

from config import env, social

SOCIAL_KEYS = social.keys()
SOCIAL_STANDIN_URL = ""  # only development and tests have one: `tools.social_standin`
SOCIALACCOUNT_PROVIDERS = social.providers(keys=SOCIAL_KEYS)
SOCIAL_FORM_TARGETS = social.form_targets(keys=SOCIAL_KEYS)  # where a sign-in button may lead (form-action)

ACCOUNT_APPS = [
    "allauth",
    "allauth.account",
    "allauth.socialaccount",
    *social.apps(keys=SOCIAL_KEYS),
    "allauth.mfa",
    "allauth.usersessions",
]
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "account-home"

ACCOUNT_ADAPTER = "commerce.accounts.adapters.Accounts"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_SIGNUP_FORM_CLASS = "commerce.accounts.consent_fields.WithConsents"
ACCOUNT_FORMS = {"signup": "commerce.accounts.forms.SignUp"}
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = True  # a mail without a link carries no address that could be forged
ACCOUNT_PASSWORD_RESET_BY_CODE_TIMEOUT = 15 * 60  # seconds; three tries, then a new code
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https"

KAKAO_ADMIN_KEY = env.text("KAKAO_ADMIN_KEY")  # by it Kakao is told that somebody left; empty: it is not

SOCIALACCOUNT_ADAPTER = "commerce.accounts.adapters.SocialAccounts"
SOCIALACCOUNT_FORMS = {
    "signup": "commerce.accounts.forms.SocialSignUp",
    "disconnect": "commerce.accounts.forms.Unlink",
}
SOCIALACCOUNT_AUTO_SIGNUP = False  # nobody has an account before having agreed to the terms
SOCIALACCOUNT_EMAIL_REQUIRED = True
SOCIALACCOUNT_EMAIL_AUTHENTICATION = False  # an address that a provider names opens no existing account
SOCIALACCOUNT_LOGIN_ON_GET = False
SOCIALACCOUNT_REAUTHENTICATION_REQUIRED = True
SOCIALACCOUNT_STORE_TOKENS = False

MFA_ADAPTER = "commerce.accounts.second_factors.SecondFactors"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_TOLERANCE = 1  # a code of half a minute ago still counts
MFA_RECOVERY_CODES_SHOW_ONCE = False

USERSESSIONS_TRACK_ACTIVITY = False  # a write with every page would cost more than it tells

STAFF_MFA_REQUIRED = env.flag("STAFF_MFA_REQUIRED", default=True)  # the back office asks for a second factor
UNCONFIRMED_ACCOUNT_DAYS = env.number(
    "UNCONFIRMED_ACCOUNT_DAYS", 30
)  # then an account whose code was never typed is deleted
CONSENT_RECONFIRM_AFTER = timedelta(days=730)  # Network Act §50(8): every two years
