<?php
/**
 * Settings → howdah: where howdah is, the secret, and whether the last notice went well.
 *
 * @package Howdah
 */

namespace Howdah;

if ( ! defined( 'ABSPATH' ) ) {
	exit;
}

const PAGE = 'howdah';

/**
 * Registers the two settings.
 */
function register_settings() {
	register_setting(
		PAGE,
		URL_OPTION,
		array(
			'type'              => 'string',
			'default'           => '',
			'sanitize_callback' => __NAMESPACE__ . '\checked_url',
		)
	);
	register_setting(
		PAGE,
		SECRET_OPTION,
		array(
			'type'              => 'string',
			'default'           => '',
			'sanitize_callback' => __NAMESPACE__ . '\checked_secret',
		)
	);
}

/**
 * The address as it is stored; the one before where it is none, and where a disabled field sends nothing.
 *
 * @param mixed $value What was entered.
 * @return string
 */
function checked_url( $value ) {
	if ( ! is_string( $value ) ) {
		return (string) get_option( URL_OPTION, '' );
	}
	$url = trim( $value );
	if ( is_address( $url ) ) {
		return $url;
	}
	add_settings_error( PAGE, 'howdah_url', __( 'The address must be a web address: https://…/hooks/wordpress/SITE.', 'howdah' ) );
	return (string) get_option( URL_OPTION, '' );
}

/**
 * The secret as it is stored. An empty field keeps the one that is there: the page never shows it.
 *
 * @param mixed $value What was entered.
 * @return string
 */
function checked_secret( $value ) {
	$secret = is_string( $value ) ? trim( $value ) : '';
	if ( '' !== key_of( $secret ) ) {
		return $secret;
	}
	if ( '' !== $secret ) {
		add_settings_error( PAGE, 'howdah_secret', __( 'The secret must be the line of howdah’s hook_secret_file: whsec_ and base64.', 'howdah' ) );
	}
	return (string) get_option( SECRET_OPTION, '' );
}

/**
 * Adds the page to the menu.
 */
function add_settings_page() {
	add_options_page( 'howdah', 'howdah', 'manage_options', PAGE, __NAMESPACE__ . '\show_settings_page' );
}

/**
 * Shows the page.
 */
function show_settings_page() {
	$has_secret = '' !== hook_key();
	$trouble    = (string) get_option( TROUBLE_OPTION, '' );
	?>
	<div class="wrap">
		<h1>howdah</h1>
		<?php if ( is_connected() && '' !== $trouble ) : ?>
			<div class="notice notice-warning"><p>
				<?php
				/* translators: %s: what went wrong. */
				echo esc_html( sprintf( __( 'The last notice was not taken: %s It is sent again; howdah finds new posts by itself too.', 'howdah' ), $trouble ) );
				?>
			</p></div>
		<?php endif; ?>
		<p><?php esc_html_e( 'howdah is told of each new post at once. Both values come from its config.', 'howdah' ); ?></p>
		<form action="options.php" method="post">
			<?php settings_fields( PAGE ); ?>
			<table class="form-table" role="presentation">
				<tr>
					<th scope="row"><label for="howdah-url"><?php esc_html_e( 'Address', 'howdah' ); ?></label></th>
					<td>
						<input id="howdah-url" name="<?php echo esc_attr( URL_OPTION ); ?>" type="url" class="regular-text code"
							value="<?php echo esc_attr( hook_url() ); ?>" <?php disabled( defined( 'HOWDAH_HOOK_URL' ) ); ?>
							placeholder="https://howdah.example.org/hooks/wordpress/SITE">
						<p class="description"><?php esc_html_e( 'SITE is the site’s name in howdah’s config.', 'howdah' ); ?></p>
					</td>
				</tr>
				<tr>
					<th scope="row"><label for="howdah-secret"><?php esc_html_e( 'Secret', 'howdah' ); ?></label></th>
					<td>
						<input id="howdah-secret" name="<?php echo esc_attr( SECRET_OPTION ); ?>" type="password" class="regular-text code"
							value="" autocomplete="off" <?php disabled( defined( 'HOWDAH_HOOK_SECRET' ) ); ?>
							placeholder="<?php echo esc_attr( $has_secret ? '••••••••' : 'whsec_…' ); ?>">
						<p class="description">
							<?php echo esc_html( $has_secret ? __( 'A secret is set. Leave this empty to keep it.', 'howdah' ) : __( 'The line of the file that hook_secret_file names.', 'howdah' ) ); ?>
						</p>
					</td>
				</tr>
			</table>
			<?php submit_button(); ?>
		</form>
	</div>
	<?php
}
